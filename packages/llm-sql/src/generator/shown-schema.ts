import type { Catalog } from '@t2t/sql-guard'
import type { ResolvedQuestion } from '../steps/resolve.ts'
import { linkSchema } from '../steps/link-schema.ts'
import type { DraftRequest } from './generator.ts'

/**
 * Chooses what of the schema a model is shown: all of it when it fits, else what the question, its
 * resolved phrases and the conversation speak of. After a draft that could not be used there is
 * twice the room, for a table that was left out may be the reason.
 */
export function shownSchema(
  { question, earlier = [], previous }: DraftRequest,
  maxSchemaTokens: number,
): Catalog {
  const words = [question.question, ...earlier.map((turn) => turn.question)].join('\n')
  const maxTokens = previous === undefined ? maxSchemaTokens : maxSchemaTokens * 2
  const include = [
    ...meant(question),
    ...earlier.flatMap(({ reads }) => reads.map(({ schema, table }) => `${schema}.${table}`)),
  ]
  return linkSchema(words, question.catalog, { maxTokens, include }).catalog
}

/** A phrase with more meanings than these says little about any of them. */
const maxMeanings = 3

function meant({ mentions }: ResolvedQuestion): readonly string[] {
  return mentions.flatMap((mention) => {
    switch (mention.kind) {
      case 'value':
        return mention.values.length > maxMeanings
          ? []
          : mention.values.map(
              ({ table, column }) => `${table.schema}.${table.name}.${column.name}`,
            )
      case 'measure':
        return mention.tables.map(({ schema, name }) => `${schema}.${name}`)
      case 'schema':
      case 'time':
      case 'grammar':
        return []
    }
  })
}
