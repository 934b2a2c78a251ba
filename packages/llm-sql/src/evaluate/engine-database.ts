import type { Engine } from '@t2t/database'
import type { Catalog, CatalogTable, Dialect } from '@t2t/sql-guard'
import type { QueryRunner } from '../assistant/assistant.ts'
import { EvaluationInvalidError } from '../errors/errors.ts'
import type { EvaluationDatabase } from './database.ts'

/** A reading that is longer than this is cut off, and then wrong. */
const caps = { maxRows: 1_000_000, maxBytes: 512 * 1024 * 1024, timeoutMs: 120_000 }

/**
 * Asks an engine of `@t2t/database`: the session is read-only, and all rows are read.
 *
 * @throws {@link EvaluationInvalidError} when the database cannot be read; the message holds no URL.
 */
export async function openEngine(
  name: string,
  open: () => Promise<Engine>,
  sampleValues: number,
): Promise<EvaluationDatabase> {
  const engine = await open()
  try {
    const signal = AbortSignal.timeout(caps.timeoutMs)
    const catalog = await engine.introspect(signal)
    const dialect = await dialectOf(catalog)
    return {
      dialect,
      catalog:
        sampleValues === 0
          ? catalog
          : await withSamples(catalog, engine, dialect, sampleValues, signal),
      run: runnerOn(engine),
      close: () => engine.close(),
    }
  } catch (error) {
    await engine.close()
    if (error instanceof EvaluationInvalidError) throw error
    throw new EvaluationInvalidError(`The database ${name} cannot be read: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  const isSafe =
    error instanceof Error && 'code' in error && String(error.code).startsWith('DATABASE_')
  return isSafe ? error.message : 'it does not answer.'
}

async function dialectOf({ dialect }: Catalog): Promise<Dialect> {
  if (dialect === 'postgres') return (await import('@t2t/sql-guard/postgres')).postgres()
  if (dialect === 'mysql') return (await import('@t2t/sql-guard/mysql')).mysql()
  throw new EvaluationInvalidError(`A database of ${dialect} is not evaluated.`)
}

function runnerOn(engine: Engine): QueryRunner {
  return async (sql, signal) => {
    try {
      // Recorded systems often write operators of two signs apart.
      const text = sql.replaceAll(/([<>!])\s+=/g, '$1=')
      const { columns, rows, truncated } = await engine.read(text, caps, signal)
      // Decimals come as text, so that no digit is lost; here the first ten digits decide.
      const isDecimal = columns.map(({ type }) =>
        /^(?:numeric|(?:new)?decimal|money)/i.test(type ?? ''),
      )
      return {
        kind: 'rows',
        columns: columns.map(({ name }) => name),
        rows: rows.map((row) =>
          row.map((cell, at) =>
            typeof cell === 'string' && isDecimal[at] === true ? Number(cell) : cell,
          ),
        ),
        isTruncated: truncated !== undefined,
      }
    } catch (error) {
      signal.throwIfAborted()
      const message = error instanceof Error ? error.message : 'The engine refused the statement.'
      return { kind: 'failed', message }
    }
  }
}

async function withSamples(
  catalog: Catalog,
  engine: Engine,
  dialect: Dialect,
  limit: number,
  signal: AbortSignal,
): Promise<Catalog> {
  const { quoteName } = dialect.traits
  const tables: CatalogTable[] = []
  for (const table of catalog.tables) {
    const columns: CatalogTable['columns'][number][] = []
    const from = `${quoteName(table.schema)}.${quoteName(table.name)}`
    for (const column of table.columns) {
      const name = quoteName(column.name)
      const isText = /char|text|enum/i.test(column.type) && table.kind !== 'view'
      const sql = `SELECT DISTINCT ${name} FROM ${from} WHERE ${name} IS NOT NULL AND length(${name}) <= 60 LIMIT ${limit}`
      const rows = isText ? (await engine.read(sql, caps, signal)).rows : []
      columns.push(
        rows.length === 0
          ? column
          : { ...column, sampleValues: rows.map(([value]) => String(value)) },
      )
    }
    tables.push({ ...table, columns })
  }
  return { ...catalog, tables }
}
