import type { ClientConfig } from 'pg'
import { OptionInvalidError } from '../../errors/errors.ts'
import type { MysqlTarget } from '../mysql/pooled.ts'

type Fields = Readonly<Record<string, unknown>>

/** How connections are made; what changes how queries behave stays with the pool. */
const postgresFields = [
  'connectionString',
  'host',
  'port',
  'user',
  'database',
  'password',
  'ssl',
  'options',
  'stream',
  'connectionTimeoutMillis',
  'application_name',
]

const mysqlFields = [
  'host',
  'port',
  'socketPath',
  'user',
  'password',
  'database',
  'connectTimeout',
  'ssl',
  'stream',
  'authPlugins',
]

/** Takes from a `pg.Pool` how its server is reached. */
export function postgresConfigOf(pool: object | undefined): ClientConfig {
  const options = fieldsOf(pool, 'options')
  if (options === undefined) {
    throw new OptionInvalidError('pool must be the pg.Pool of the PostgresDialect.')
  }
  return { keepAlive: true, ...picked(options, postgresFields) }
}

/** Takes from a pool of `mysql2` how its server is reached. */
export function mysqlTargetOf(pool: object | undefined): MysqlTarget {
  const target = fieldsOf(fieldsOf(pool, 'config'), 'connectionConfig')
  if (target === undefined) {
    throw new OptionInvalidError('pool must be the mysql2 pool of the MysqlDialect.')
  }
  if (typeof target['database'] !== 'string') {
    throw new OptionInvalidError('pool must name a database.')
  }
  return picked(target, mysqlFields)
}

function fieldsOf(owner: object | undefined, name: string): Fields | undefined {
  const value: unknown = owner === undefined ? undefined : Reflect.get(owner, name)
  return isFields(value) ? value : undefined
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function picked(fields: Fields, names: readonly string[]): Fields {
  const entries = names.map((name) => [name, fields[name]] as const)
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined && value !== null && value !== false),
  )
}
