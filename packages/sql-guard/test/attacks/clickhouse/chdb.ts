import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The part of the embedded ClickHouse that the tests need. */
interface Session {
  query(sql: string, format: string): string
  close?(): void
}

/** An embedded ClickHouse of its own, with a folder that goes with it. */
export interface Engine {
  /** Gives the rows as lines of JSON. */
  run(sql: string): string
  /** As `run`; an error is its message. */
  tried(sql: string): { readonly rows?: string; readonly error?: string }
  close(): void
}

/** Opens the ClickHouse that is installed in a folder. */
export function openClickhouse(folder: string): Engine {
  const chdb: unknown = createRequire(join(folder, 'node_modules', 'x'))('chdb')
  if (!isChdb(chdb)) throw new Error(`There is no chdb in ${folder}.`)
  const data = mkdtempSync(join(tmpdir(), 't2t-clickhouse-'))
  const session = new chdb.Session(join(data, 'data'))
  const run = (sql: string): string => session.query(sql, 'JSONCompactEachRow')
  // The tests ask small questions, for which threads cost more than they bring.
  run('SET max_threads = 1')
  return {
    run,
    tried(sql) {
      try {
        return { rows: run(sql) }
      } catch (error) {
        return { error: error instanceof Error ? error.message : 'unknown' }
      }
    },
    close() {
      session.close?.()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

function isChdb(value: unknown): value is { Session: new (path: string) => Session } {
  return typeof value === 'object' && value !== null && 'Session' in value
}
