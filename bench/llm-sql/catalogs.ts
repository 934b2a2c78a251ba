import { readFileSync } from 'node:fs'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { dataFolder } from './data.ts'

interface WrittenTable {
  readonly name: string
  readonly label?: string | undefined
  readonly columns: readonly {
    readonly name: string
    readonly label?: string | undefined
    readonly type: string
    readonly samples?: readonly string[] | undefined
  }[]
  readonly primary_key: readonly string[]
  readonly foreign_keys: readonly {
    readonly column: string
    readonly ref_table: string
    readonly ref_column: string | null
  }[]
}

/** Reads the schemas of a set that has no rows; labels of its authors become comments. */
export function writtenCatalogs(set: string, withLabels: boolean): ReadonlyMap<string, Catalog> {
  const text = readFileSync(`${dataFolder}/${set}/tables.json`, 'utf8')
  const written: Readonly<Record<string, readonly WrittenTable[]>> = JSON.parse(text)
  return new Map(
    Object.entries(written).map(([db, tables]) => [
      db,
      {
        dialect: 'sqlite',
        version: '1',
        searchPath: ['main'],
        tables: tables.map((table) => tableOf(table, tables, withLabels)),
      },
    ]),
  )
}

function tableOf(
  table: WrittenTable,
  all: readonly WrittenTable[],
  withLabels: boolean,
): CatalogTable {
  const keys = new Map(
    table.foreign_keys.map((key) => [`${key.column} ${key.ref_table} ${key.ref_column}`, key]),
  )
  return {
    schema: 'main',
    name: table.name,
    kind: 'table',
    comment: withLabels ? table.label : undefined,
    primaryKey: table.primary_key,
    columns: table.columns.map(({ name, label, type, samples }) => ({
      name,
      type,
      isNullable: true,
      comment: withLabels ? label : undefined,
      sampleValues: samples,
    })),
    foreignKeys: [...keys.values()].map(({ column, ref_table: target, ref_column: to }) => ({
      columns: [column],
      references: {
        schema: 'main',
        table: target,
        columns: to === null ? (all.find(({ name }) => name === target)?.primary_key ?? []) : [to],
      },
    })),
  }
}
