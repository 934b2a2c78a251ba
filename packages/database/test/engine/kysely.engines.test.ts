import { kysely } from '@t2t/database/kysely'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import { Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import { createPool, type Pool } from 'mysql2'
import type { Connection } from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { freshName } from './fresh-name.ts'
import {
  fingerprintOf as fingerprintOfMysql,
  mysqlUrl,
  mysqlWords,
  watchFreshDatabase,
} from './mysql-server.ts'
import { createDatabaseWith, dropDatabase, fingerprintOf, serverUrl } from './postgres-server.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const name = freshName()

describe.skipIf(!inject('reachable').postgres)('a Kysely instance of PostgreSQL', () => {
  let watcher: pg.Client
  let pool: pg.Pool
  let instance: Kysely<unknown>

  beforeAll(async () => {
    await createDatabaseWith(name, engineContractData)
    watcher = new pg.Client(serverUrl + name)
    await watcher.connect()
    pool = new pg.Pool({ connectionString: serverUrl + name, max: 2, query_timeout: 60_000 })
    instance = new Kysely({ dialect: new PostgresDialect({ pool }) })
  })

  afterAll(async () => {
    await instance.destroy()
    await watcher.end()
    await dropDatabase(name)
  })

  const subject: EngineSubject = {
    binaryExpression: String.raw`'\x00ff'::bytea`,
    async open({ now } = {}) {
      const engine = await kysely({ instance, pool, now })
      return { engine, fingerprint: () => fingerprintOf(watcher, engine) }
    },
  }

  it.for(engineContract)('$promise', { timeout: 120_000 }, async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('stays open, and its connections are not ours', async () => {
    const engine = await kysely({ instance, pool })
    const ours = await engine.read('SELECT pg_backend_pid()', caps, calm)
    const theirs = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await engine.close()

    expect(theirs.rows[0]?.pid).not.toBe(ours.rows[0]?.[0])
    expect((await pool.query('SELECT 7 AS seven')).rows).toEqual([{ seven: 7 }])
  })

  it('needs its own pool', async () => {
    const other = new pg.Pool({ connectionString: `${serverUrl}postgres` })
    const invalid = { code: 'DATABASE_OPTION_INVALID' }

    await expect(kysely({ instance })).rejects.toMatchObject(invalid)
    await expect(kysely({ instance, pool: {} })).rejects.toMatchObject(invalid)
    await expect(kysely({ instance, pool: other })).rejects.toThrow('another database')
    await other.end()
  })
})

describe.skipIf(!inject('reachable').mariadb)('a Kysely instance of MySQL', () => {
  let watcher: Connection
  let pool: Pool
  let instance: Kysely<unknown>

  beforeAll(async () => {
    watcher = await watchFreshDatabase(name)
    pool = createPool({ uri: mysqlUrl(name), connectionLimit: 2, multipleStatements: true })
    instance = new Kysely({ dialect: new MysqlDialect({ pool }) })
  })

  afterAll(async () => {
    await instance.destroy()
    await watcher.query(`DROP DATABASE IF EXISTS ${name}`)
    await watcher.end()
  })

  const subject: EngineSubject = {
    ...mysqlWords,
    async open({ now } = {}) {
      const engine = await kysely({ instance, pool, now })
      return { engine, fingerprint: () => fingerprintOfMysql(watcher, engine) }
    },
  }

  it.for(engineContract)('$promise', { timeout: 120_000 }, async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('needs its own pool', async () => {
    const other = createPool(mysqlUrl('mysql'))
    const nowhere = createPool({ host: '127.0.0.1', user: 'root' })
    const invalid = { code: 'DATABASE_OPTION_INVALID' }

    await expect(kysely({ instance })).rejects.toMatchObject(invalid)
    await expect(kysely({ instance, pool: other })).rejects.toThrow('another database')
    await expect(kysely({ instance, pool: nowhere })).rejects.toThrow('must name a database')
    other.end()
    nowhere.end()
  })
})
