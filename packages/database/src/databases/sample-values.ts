import type { Catalog, CatalogColumn, CatalogTable, SqlGuard } from '@t2t/sql-guard'
import { withVersion } from '../engine/catalog-version.ts'
import type { Engine } from '../engine/engine.ts'
import { isDatabaseError, OptionInvalidError } from '../errors/errors.ts'
import type { ReadCaps } from '../read/read.ts'
import { quotedName } from './quoted-name.ts'

/** Which columns may show some of their values in the catalog. */
export interface SampleValuesOptions {
  /**
   * Names as the catalog has them: `table.column` in the search path, or `schema.table.column`.
   * What the policy hides stays hidden although it is named here.
   */
  readonly columns: readonly string[]
  /**
   * Different values of one column at the most; an integer from 1 up to 1,000.
   * @defaultValue 100
   */
  readonly maxValues?: number | undefined
}

/** {@link SampleValuesOptions} that were checked and completed. */
export interface SampledColumns {
  readonly columns: readonly string[]
  readonly maxValues: number
}

/** Rows of a table that are looked at; the values of a longer table are those of its beginning. */
const maxRowsLookedAt = 100_000

/** Longer values are prose, not names that a question repeats. */
const maxValueLength = 100

/** Checks the options. @throws {@link OptionInvalidError} when they cannot work. */
export function checkSampleValues(options: SampleValuesOptions): SampledColumns {
  const { columns, maxValues = 100 } = options
  if (!Number.isInteger(maxValues) || maxValues < 1 || maxValues > 1_000) {
    throw new OptionInvalidError(
      `sampleValues.maxValues must be an integer from 1 to 1000, got ${maxValues}.`,
    )
  }
  return { columns, maxValues }
}

/** @throws {@link OptionInvalidError} when a named column is not in the database. */
export function checkSampledColumns(catalog: Catalog, names: readonly string[]): void {
  const known = new Set(
    catalog.tables.flatMap((table) =>
      table.columns.flatMap(({ name }) => [...namesOf(catalog, table, name)]),
    ),
  )
  const unknown = names.find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw new OptionInvalidError(`sampleValues.columns names ${unknown}, which does not exist.`)
  }
}

/**
 * Adds some values of the named columns to a catalog, read through the guard like everything else.
 *
 * A column whose values cannot be read, or not in time, stays without them.
 */
export async function withSampleValues(
  visible: Catalog,
  { columns, maxValues }: SampledColumns,
  source: {
    readonly guard: Pick<SqlGuard, 'check'>
    readonly engine: Pick<Engine, 'read'>
    readonly caps: ReadCaps
    readonly signal: AbortSignal
  },
): Promise<Catalog> {
  const wanted = new Set(columns)
  const valuesOf = async (
    { schema, name }: CatalogTable,
    column: CatalogColumn,
  ): Promise<readonly string[] | undefined> => {
    const [field, owner, table] = [column.name, schema, name].map((part) =>
      quotedName(part, visible.dialect),
    )
    const looked = `SELECT ${field} FROM ${owner}.${table} WHERE ${field} IS NOT NULL LIMIT ${maxRowsLookedAt}`
    const decided = source.guard.check(
      `SELECT DISTINCT ${field} FROM (${looked}) AS looked ORDER BY ${field} LIMIT ${maxValues}`,
    )
    if (decided.kind === 'refused') return undefined
    const caps = { ...source.caps, maxRows: maxValues }
    const { rows } = await source.engine.read(decided.sql, caps, source.signal, decided)
    return rows.map(([cell]) => String(cell)).filter((text) => text.length <= maxValueLength)
  }

  const tables: CatalogTable[] = []
  for (const table of visible.tables) {
    const sampled: CatalogColumn[] = []
    for (const column of table.columns) {
      const isWanted = namesOf(visible, table, column.name).some((name) => wanted.has(name))
      const sampleValues = isWanted
        ? await valuesOf(table, column).catch((error: unknown) => {
            if (isDatabaseError(error)) return undefined
            throw error
          })
        : undefined
      sampled.push(sampleValues === undefined ? column : { ...column, sampleValues })
    }
    tables.push({ ...table, columns: sampled })
  }
  const { dialect, searchPath } = visible
  return withVersion({ dialect, searchPath, tables })
}

function namesOf(
  { searchPath }: Pick<Catalog, 'searchPath'>,
  { schema, name }: CatalogTable,
  column: string,
): readonly string[] {
  const full = `${schema}.${name}.${column}`
  return searchPath.includes(schema) ? [full, `${name}.${column}`] : [full]
}
