import * as z from 'zod/mini'
import type { Metadata } from './metadata.ts'
import { entries, fiscalCalendar, type ListName } from './schema.ts'

const anyList = z.optional(z.array(z.unknown()).check(z.maxLength(10_000)))
const shape = z.object({
  aliases: anyList,
  translations: anyList,
  metrics: anyList,
  glossary: anyList,
  synonyms: anyList,
  fiscalCalendar: z.optional(z.unknown()),
})

/** Metadata that was accepted, and what was not. */
export interface ParsedMetadata {
  readonly metadata: Metadata
  /** Entries that were left out. */
  readonly dropped: number
  /** What is wrong with each of them, such as `aliases[3].column: …`; it quotes no value. */
  readonly problems: readonly string[]
}

/**
 * Reads metadata from its JSON form.
 *
 * Only known fields are taken. An entry that is malformed, too long or names a column in a strange
 * way is left out and named; the others stay.
 *
 * @returns `undefined` when the value is not metadata at all.
 */
export function parseMetadata(value: unknown): ParsedMetadata | undefined {
  const parsed = shape.safeParse(value)
  if (!parsed.success) return undefined
  const given = parsed.data
  if (Object.values(given).every((one) => one === undefined)) return undefined
  const problems: string[] = []
  let dropped = 0
  const accepted = <Schema extends z.ZodMiniType>(
    schema: Schema,
    one: unknown,
    at: string,
  ): z.output<Schema>[] => {
    const result = schema.safeParse(one)
    if (result.success) return [result.data]
    dropped += 1
    problems.push(...result.error.issues.map((issue) => problemAt(at, issue.path, issue.code)))
    return []
  }
  const listOf = <Schema extends z.ZodMiniType>(
    name: ListName,
    schema: Schema,
  ): z.output<Schema>[] =>
    (given[name] ?? []).flatMap((one, at) => accepted(schema, one, `${name}[${at}]`))
  const [calendar] =
    given.fiscalCalendar === undefined
      ? []
      : accepted(fiscalCalendar, given.fiscalCalendar, 'fiscalCalendar')
  const metadata: Metadata = {
    ...(given.aliases === undefined ? {} : { aliases: listOf('aliases', entries.aliases) }),
    ...(given.translations === undefined
      ? {}
      : { translations: listOf('translations', entries.translations) }),
    ...(given.metrics === undefined ? {} : { metrics: listOf('metrics', entries.metrics) }),
    ...(given.glossary === undefined ? {} : { glossary: listOf('glossary', entries.glossary) }),
    ...(given.synonyms === undefined ? {} : { synonyms: listOf('synonyms', entries.synonyms) }),
    ...(calendar === undefined ? {} : { fiscalCalendar: calendar }),
  }
  return { metadata, dropped, problems }
}

const reasons: Readonly<Record<string, string>> = {
  invalid_type: 'is missing or of another type',
  too_small: 'is too short or too small',
  too_big: 'is too long or too large',
  invalid_format: 'is not written as expected',
  invalid_value: 'is none of the permitted words',
  invalid_union: 'must be a text or a number',
}

function problemAt(at: string, path: readonly PropertyKey[], code: string): string {
  const field = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
  return `${at}${field} ${reasons[code] ?? 'is not valid'}.`
}
