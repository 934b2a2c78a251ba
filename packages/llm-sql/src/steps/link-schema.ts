import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { OptionInvalidError } from '../errors/errors.ts'
import { findQualified, findTable } from '../schema/find.ts'
import { costsOf, type CountTokens, type Price } from '../schema/ranking/costs.ts'
import { rankColumns } from '../schema/ranking/rank.ts'
import { selectColumns, type Selection } from '../schema/ranking/select.ts'

/** Options for {@link linkSchema}. Without a bound the whole schema is kept. */
export interface LinkSchemaOptions {
  /** Upper bound for the description of the schema in a prompt, in tokens. From 0 up. */
  readonly maxTokens?: number | undefined
  /**
   * Upper bound as a share of the whole schema, 0 to 1. It holds for the description of a prompt,
   * and for names, types and keys alone.
   */
  readonly share?: number | undefined
  /**
   * A part of so many tokens is always allowed, whatever `share` says: a small schema is not cut
   * where that saves next to nothing. `maxTokens` holds all the same. From 0 up.
   * @defaultValue 600
   */
  readonly minTokens?: number | undefined
  /**
   * Tables and `table.column` that are kept whatever the question says, as long as they fit.
   * Names that do not exist are ignored.
   */
  readonly include?: readonly string[] | undefined
  /**
   * Counts the tokens of a text; called once for each line of the schema. Keep one function: what it
   * counted is remembered by it.
   * @defaultValue a quarter of the characters
   */
  readonly countTokens?: CountTokens | undefined
}

/** The part of a schema that a question needs. */
export interface LinkedSchema {
  /** The kept tables with their kept columns, in the order of the schema. */
  readonly catalog: Catalog
  /** Tokens of what is kept, as a prompt describes it. */
  readonly tokens: number
  /** Tokens of the whole schema. */
  readonly wholeTokens: number
  /** Whether nothing was left out; `catalog` is then the catalog that was given. */
  readonly isWhole: boolean
}

const quarter: CountTokens = (text) => text.length / 4

/**
 * Chooses the tables and columns that a question needs, within a budget.
 *
 * Columns are ranked by how much of their name, comment, values and table the question says, rare
 * words counting more; forms of words, typing errors and abbreviations count less. Tables that are
 * kept stay joined: what lies between two of them, and the columns of the keys, is kept too. The
 * same question, schema and budget give the same part. No model and no word list of any field is
 * used.
 *
 * @throws {@link OptionInvalidError} when a bound cannot be one.
 */
export function linkSchema(
  question: string,
  catalog: Catalog,
  options: LinkSchemaOptions = {},
): LinkedSchema {
  const {
    maxTokens = Number.POSITIVE_INFINITY,
    share = 1,
    minTokens = 600,
    include = [],
    countTokens = quarter,
  } = options
  if (!(maxTokens >= 0))
    throw new OptionInvalidError(`maxTokens must be a number from 0 up, got ${maxTokens}.`)
  if (!(minTokens >= 0))
    throw new OptionInvalidError(`minTokens must be a number from 0 up, got ${minTokens}.`)
  if (!(share >= 0 && share <= 1))
    throw new OptionInvalidError(`share must be a number from 0 to 1, got ${share}.`)

  const costs = costsOf(catalog, countTokens)
  const { whole } = costs
  const budget: Price = {
    full: Math.min(maxTokens, Math.max(whole.full * share, minTokens)),
    named: Math.max(whole.named * share, minTokens),
  }
  const wholeTokens = Math.ceil(whole.full)
  if (whole.full <= budget.full && whole.named <= budget.named)
    return { catalog, tokens: wholeTokens, wholeTokens, isWhole: true }
  const wanted = wantedOf(include, catalog)
  const ranked = rankColumns(question, catalog, wanted)
  const selection = selectColumns(ranked, catalog, costs, budget)
  const part = narrowed(catalog, selection)
  const tokens = Math.ceil(costsOf(part, countTokens).whole.full)
  return { catalog: part, tokens, wholeTokens, isWhole: false }
}

/** The columns that are to be kept; of a table that is named as a whole, its keys. */
function wantedOf(include: readonly string[], catalog: Catalog): ReadonlySet<CatalogColumn> {
  return new Set(
    include.flatMap((name) => {
      const place = findQualified(catalog, name)
      if (place !== undefined) return [place.column]
      const table = findTable(catalog, name)
      const keys = table?.columns.filter((column) => table.primaryKey.includes(column.name)) ?? []
      return keys.length > 0 ? keys : (table?.columns.slice(0, 1) ?? [])
    }),
  )
}

/** A catalog without what was not chosen; keys are kept whole or not at all. */
function narrowed(catalog: Catalog, selection: Selection): Catalog {
  const byName = new Map<string, CatalogTable>()
  for (const table of selection.keys()) byName.set(`${table.schema}.${table.name}`, table)
  const has = (table: CatalogTable | undefined, name: string): boolean =>
    table !== undefined &&
    [...(selection.get(table) ?? [])].some(
      (column) => column.name.toLowerCase() === name.toLowerCase(),
    )
  return {
    ...catalog,
    tables: catalog.tables
      .filter((table) => selection.has(table))
      .map((table) => ({
        ...table,
        columns: table.columns.filter((column) => selection.get(table)?.has(column)),
        primaryKey: table.primaryKey.every((name) => has(table, name)) ? table.primaryKey : [],
        foreignKeys: table.foreignKeys.filter(
          ({ columns, references }) =>
            columns.every((name) => has(table, name)) &&
            references.columns.every((name) =>
              has(byName.get(`${references.schema}.${references.table}`), name),
            ),
        ),
      })),
  }
}
