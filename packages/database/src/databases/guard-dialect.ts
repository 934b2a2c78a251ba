import type { Dialect, DialectName } from '@t2t/sql-guard'
import { EngineUnsupportedError } from '../errors/errors.ts'

/**
 * Loads what the guard knows about a dialect, and with it the parser of that dialect only.
 *
 * @throws {@link EngineUnsupportedError} for a dialect that the guard cannot decide about.
 */
export async function guardDialect(dialect: DialectName): Promise<Dialect> {
  switch (dialect) {
    case 'sqlite':
      return (await import('@t2t/sql-guard/sqlite')).sqlite()
    case 'postgres':
      return (await import('@t2t/sql-guard/postgres')).postgres()
    case 'mysql':
      return (await import('@t2t/sql-guard/mysql')).mysql()
    case 'clickhouse':
      return (await import('@t2t/sql-guard/clickhouse')).clickhouse()
    default:
      throw new EngineUnsupportedError(`The guard has no dialect ${String(dialect)}.`)
  }
}
