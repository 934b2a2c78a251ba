import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { wordsOf } from '../databases/words.ts'

/** A table that matches what was looked for, the matching columns first. */
export interface FoundTable {
  readonly table: string
  readonly kind: 'table' | 'view'
  readonly comment?: string | undefined
  readonly columns: readonly FoundColumn[]
}

/** A column of a {@link FoundTable}. */
export interface FoundColumn {
  readonly name: string
  readonly type: string
  readonly comment?: string | undefined
  /** The column that a foreign key points to, as `schema.table.column`. */
  readonly references?: string | undefined
}

/** Tables that are given at the most, and columns of each. */
const most = { tables: 12, columns: 40 }

/** How much it counts where a word is found. */
const weights = { tableName: 4, columnName: 2, comment: 1 }

/** Finds tables by words in their names, in the names of their columns, and in comments. */
export function searchSchema(catalog: Catalog, text: string): readonly FoundTable[] {
  const wanted = new Set(wordsOf(text))
  return catalog.tables
    .map((table) => ({ table, score: scoreOf(table, wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, most.tables)
    .map(({ table }) => describe(table, wanted))
}

function describe(table: CatalogTable, wanted: ReadonlySet<string>): FoundTable {
  const { schema, name, kind, comment } = table
  const columns = table.columns
    .toSorted((one, other) => columnScore(other, wanted) - columnScore(one, wanted))
    .slice(0, most.columns)
    .map((column) => ({
      name: column.name,
      type: column.type,
      comment: column.comment,
      references: referenceOf(table, column.name),
    }))
  return { table: `${schema}.${name}`, kind, comment, columns }
}

function referenceOf(table: CatalogTable, column: string): string | undefined {
  for (const { columns, references } of table.foreignKeys) {
    const target = references.columns[columns.indexOf(column)]
    if (target !== undefined) return `${references.schema}.${references.table}.${target}`
  }
  return undefined
}

function scoreOf(table: CatalogTable, wanted: ReadonlySet<string>): number {
  return (
    weights.tableName * hits(table.name, wanted) +
    weights.comment * hits(table.comment, wanted) +
    table.columns.reduce((sum, column) => sum + columnScore(column, wanted), 0)
  )
}

function columnScore(column: CatalogColumn, wanted: ReadonlySet<string>): number {
  return (
    weights.columnName * hits(column.name, wanted) + weights.comment * hits(column.comment, wanted)
  )
}

function hits(text: string | undefined, wanted: ReadonlySet<string>): number {
  return text === undefined ? 0 : new Set(wordsOf(text)).intersection(wanted).size
}
