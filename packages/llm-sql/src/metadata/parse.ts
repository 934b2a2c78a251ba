import * as z from 'zod/mini'
import type { Metadata } from './metadata.ts'

const term = z.string().check(z.minLength(1), z.maxLength(120))
const column = z
  .string()
  .check(z.maxLength(200), z.regex(/^[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*){1,2}$/u))
const alias = z.object({
  term,
  column,
  value: z.union([z.string().check(z.maxLength(500)), z.number()]),
})
const translation = z.object({
  term,
  expression: z.string().check(z.minLength(1), z.maxLength(1_000)),
  description: z.optional(z.string().check(z.maxLength(500))),
})
const shape = z.object({
  aliases: z.optional(z.array(z.unknown()).check(z.maxLength(10_000))),
  translations: z.optional(z.array(z.unknown()).check(z.maxLength(10_000))),
})

/** Metadata that was accepted, and how many of its entries were not. */
export interface ParsedMetadata {
  readonly metadata: Metadata
  readonly dropped: number
}

/**
 * Reads metadata from its JSON form.
 *
 * Only known fields are taken. An entry that is malformed, too long or names a column in a strange
 * way is dropped and counted; the others stay.
 *
 * @returns `undefined` when the value is not metadata at all.
 */
export function parseMetadata(value: unknown): ParsedMetadata | undefined {
  const parsed = shape.safeParse(value)
  if (!parsed.success) return undefined
  const { aliases = [], translations = [] } = parsed.data
  if (parsed.data.aliases === undefined && parsed.data.translations === undefined) return undefined
  const goodAliases = aliases.flatMap((one) => accepted(alias, one))
  const goodTranslations = translations.flatMap((one) => accepted(translation, one))
  return {
    metadata: { aliases: goodAliases, translations: goodTranslations },
    dropped: aliases.length + translations.length - goodAliases.length - goodTranslations.length,
  }
}

function accepted<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
): z.output<Schema>[] {
  const parsed = schema.safeParse(value)
  return parsed.success ? [parsed.data] : []
}
