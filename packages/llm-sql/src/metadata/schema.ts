import * as z from 'zod/mini'

const term = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(120),
    z.describe('Matched without regard to case, as whole words.'),
  )
const column = z
  .string()
  .check(
    z.maxLength(200),
    z.regex(/^[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*){1,2}$/u),
    z.describe('`table.column` or `schema.table.column`.'),
  )
const place = z
  .string()
  .check(
    z.maxLength(200),
    z.regex(/^[\p{L}_][\p{L}\p{N}_$]*(?:\.[\p{L}_][\p{L}\p{N}_$]*){0,2}$/u),
    z.describe('`table` or `table.column`.'),
  )
const value = z.union([z.string().check(z.maxLength(500)), z.number()])
const expression = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(1_000),
    z.describe('SQL of `table.column` names, numbers, strings, operators and a few functions.'),
  )
const prose = (maxLength: number) => z.string().check(z.minLength(1), z.maxLength(maxLength))
const terms = z.array(term).check(z.maxLength(50))

const provenance = {
  priority: z.optional(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(999),
        z.describe('Of two definitions of one term that of the lower number wins.'),
      ),
  ),
  origin: z.optional(prose(200).check(z.describe('Who or what said so.'))),
}

/** One entry of each list. */
export const entries = {
  aliases: z
    .object({ term, column, value, ...provenance })
    .check(z.describe('A name that people use for a stored value.')),
  translations: z
    .object({ term, expression, description: z.optional(prose(500)), ...provenance })
    .check(z.describe('A word that people use for a column or an expression.')),
  metrics: z
    .object({
      name: term,
      expression,
      description: z.optional(prose(500)),
      unit: z.optional(prose(50)),
      grain: z.optional(prose(120)),
      synonyms: z.optional(terms),
      ...provenance,
    })
    .check(z.describe('A figure that was agreed on; the expression is an aggregate.')),
  glossary: z
    .object({
      term,
      definition: prose(1_000),
      synonyms: z.optional(terms),
      refersTo: z.optional(z.array(place).check(z.maxLength(50))),
      ...provenance,
    })
    .check(z.describe('What a word means; models are shown it.')),
  synonyms: z
    .object({ column, value, synonyms: terms.check(z.minLength(1)), ...provenance })
    .check(z.describe('Other words for a stored value.')),
} as const

/** The name of a list. */
export type ListName = keyof typeof entries

export const fiscalCalendar = z
  .object({
    firstMonth: z
      .int()
      .check(z.gte(1), z.lte(12), z.describe('Month in which the fiscal year begins.')),
    yearNamedAfter: z.optional(
      z
        .enum(['start', 'end'])
        .check(z.describe('Whether a fiscal year has the number of its first or its last year.')),
    ),
    appliesTo: z.optional(
      z
        .enum(['all', 'fiscal'])
        .check(
          z.describe('Whether every year and quarter is fiscal, or those that are called so.'),
        ),
    ),
    weekStartsOn: z.optional(z.enum(['monday', 'sunday'])),
    ...provenance,
  })
  .check(z.describe('How years, quarters and weeks are counted.'))

const list = <Entry extends z.ZodMiniType>(entry: Entry) =>
  z.optional(z.array(entry).check(z.maxLength(10_000)))

/** A whole file or resource. */
export const metadataSchema = z.object({
  aliases: list(entries.aliases),
  translations: list(entries.translations),
  metrics: list(entries.metrics),
  glossary: list(entries.glossary),
  synonyms: list(entries.synonyms),
  fiscalCalendar: z.optional(fiscalCalendar),
})

/**
 * The format of metadata as JSON Schema (draft 2020-12), for editors and other programs.
 *
 * The package holds the same as `@t2t/llm-sql/metadata.schema.json`.
 */
export function metadataJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(metadataSchema, { io: 'input' })
  return {
    $schema,
    title: 'Metadata of @t2t/llm-sql',
    description: 'What people know about the data that the database does not say.',
    ...schema,
  }
}
