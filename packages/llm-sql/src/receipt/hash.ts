import { createHash } from 'node:crypto'
import type { Catalog } from '@t2t/sql-guard'
import type { QueryRun, SourcedMetadata } from '../assistant/assistant.ts'

/** SHA-256 of a value as JSON with sorted keys. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    ) ?? ''
  )
}

const catalogs = new WeakMap<Catalog, string>()

/** The schema alone: sizes and sampled values belong to the data. */
export function catalogHash(catalog: Catalog): string {
  const known = catalogs.get(catalog)
  if (known !== undefined) return known
  const hash = hashOf({
    dialect: catalog.dialect,
    searchPath: catalog.searchPath,
    tables: catalog.tables
      .map(({ estimatedRows: _rows, ...table }) => ({
        ...table,
        columns: table.columns.map(({ sampleValues: _values, ...column }) => column),
      }))
      .toSorted((a, b) => (`${a.schema}.${a.name}` < `${b.schema}.${b.name}` ? -1 : 1)),
  })
  catalogs.set(catalog, hash)
  return hash
}

/** What the definitions say, wherever they came from. */
export function metadataHash(metadata: readonly SourcedMetadata[]): string {
  return hashOf(metadata.map((one) => one.metadata))
}

/** The rows as a bag: a statement without an order may give them in another one. */
export function rowsHash({ columns, rows }: Extract<QueryRun, { kind: 'rows' }>): string {
  return hashOf({
    columns: columns.length,
    rows: rows.map((row) => JSON.stringify(row)).toSorted(),
  })
}
