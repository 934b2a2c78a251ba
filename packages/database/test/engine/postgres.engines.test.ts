import { postgres } from '@t2t/database/postgres'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { freshName } from './fresh-name.ts'
import { createDatabaseWith, dropDatabase, fingerprintOf, serverUrl } from './postgres-server.ts'
import { atRest, itBehavesAsServerEngine } from './server-behaviour.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const name = freshName()
const url = `${serverUrl}${name}`
const eternity = 'SELECT count(*) FROM generate_series(1, 100000000000)'

describe.skipIf(!inject('reachable').postgres)('postgres', () => {
  let watcher: pg.Client

  beforeAll(async () => {
    await createDatabaseWith(name, engineContractData)
    watcher = new pg.Client(url)
    await watcher.connect()
  })

  afterAll(async () => {
    await watcher.end()
    await dropDatabase(name)
  })

  async function running(): Promise<number> {
    const { rows } = await watcher.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = $1 AND state = 'active' AND query LIKE 'SELECT count(*) FROM generate%'`,
      [name],
    )
    return rows[0]?.n ?? -1
  }

  const subject: EngineSubject = {
    binaryExpression: String.raw`'\x00ff'::bytea`,
    async open({ now } = {}) {
      const engine = postgres({ url, now })
      return { engine, fingerprint: () => fingerprintOf(watcher, engine) }
    },
  }

  it.for(engineContract)('$promise', { timeout: 120_000 }, async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  itBehavesAsServerEngine({
    open: ({ url: other = url, ...options } = {}) => postgres({ url: other, ...options }),
    eternity,
    running,
    connectionId: 'SELECT pg_backend_pid()',
    end: async (id) => void (await watcher.query('SELECT pg_terminate_backend($1)', [id])),
    away: 'postgres://postgres:hush@127.0.0.1:1/x',
    unknown: `${serverUrl}t2t_no_such_database`,
  })

  it('waits for a lock no longer than it may, and says that it may be later', async () => {
    const engine = postgres({ url, lockTimeoutMs: 20 })
    await watcher.query('BEGIN; LOCK TABLE moons')

    const failure = await engine
      .read('SELECT * FROM moons', caps, calm)
      .catch((error: unknown) => error)
    await watcher.query('ROLLBACK')

    await engine.close()
    expect(failure).toMatchObject({
      code: 'DATABASE_QUERY_FAILED',
      engineCode: '55P03',
      retryable: true,
    })
  })

  it('has its own settings, whatever those of the database are', async () => {
    await watcher.query(`
      ALTER DATABASE ${name} SET search_path = pg_temp;
      ALTER DATABASE ${name} SET standard_conforming_strings = off;
      ALTER DATABASE ${name} SET TimeZone = 'Asia/Tokyo';
      ALTER DATABASE ${name} SET statement_timeout = 0;
      ALTER DATABASE ${name} SET default_transaction_isolation = 'read committed'`)
    const engine = postgres({ url, lockTimeoutMs: 1_500 })

    const { rows } = await engine.read(
      String.raw`SELECT current_setting('search_path'), '\', current_setting('TimeZone'),
        current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'),
        current_setting('lock_timeout'), current_setting('transaction_isolation'), count(*)
        FROM moons`,
      { ...caps, timeoutMs: 5_000 },
      calm,
    )
    await engine.close()
    await watcher.query(`ALTER DATABASE ${name} RESET ALL`)

    expect(rows).toEqual([['"public"', '\\', 'UTC', '6s', '6s', '1500ms', 'repeatable read', 3]])
  })

  it('ends a reading of a row that is larger than a program should hold', async () => {
    const engine = postgres({ url })

    const failure = await engine
      .read("SELECT repeat('x', 70000000)", caps, calm)
      .catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'DATABASE_QUERY_FAILED', retryable: false })
    expect((await engine.read('SELECT 7', caps, calm)).rows).toEqual([[7]])
    await engine.close()
  })

  it('draws at random what nobody before has chosen', async () => {
    const engine = postgres({ url, maxConnections: 1 })
    const drawn = async (): Promise<unknown> => {
      await engine.read('SELECT setseed(0.5)', caps, calm)
      await atRest(engine)
      return (await engine.read('SELECT random()', caps, calm)).rows
    }

    const [one, other] = [await drawn(), await drawn()]

    await engine.close()
    expect(one).not.toEqual(other)
  })

  it('takes a text with a parameter for a mistake, not for a lost connection', async () => {
    const engine = postgres({ url, maxConnections: 1 })

    const failure = await engine
      .read('SELECT * FROM moons WHERE id = $1', caps, calm)
      .catch((error: unknown) => error)

    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_QUERY_FAILED', retryable: false })
  })

  it.for([
    "SELECT 'secret'::regclass",
    "SELECT ('sec' || 'ret')::text::regclass",
    "SELECT 'secret'::regrole",
    "SELECT current_setting('secret.x')",
    "SELECT has_table_privilege('secret', 'select')",
    'SELECT 1 $$secret$$ FROM',
    "SELECT 1 FROM moons 'secret",
    "SELECT U&'\\secret'",
    "SELECT 'x' ~ '(secret'",
  ])('says nothing of the values in %s', async (sql) => {
    const engine = postgres({ url, maxConnections: 1 })

    const failure = await engine.read(sql, caps, calm).catch((error: unknown) => error)

    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_QUERY_FAILED' })
    expect(String(failure)).not.toContain('secret')
  })

  it('gives times without end and before Christ, and numbers that are none', async () => {
    const engine = postgres({ url })

    const { rows } = await engine.read(
      `SELECT 'infinity'::date, '-infinity'::timestamptz, '0044-03-15 10:00 BC'::timestamptz,
        '0044-03-15 10:00 BC'::timestamp, 'NaN'::numeric, '-Infinity'::float4, B'101', '[1,5)'::int4range,
        ARRAY[ROW(1, 'a"b')]::record[], '24:00'::time, '{"a": 12345678901234567890}'::json, repeat('x', 10)::bytea`,
      caps,
      calm,
    )

    await engine.close()
    expect(rows).toEqual([
      [
        'infinity',
        '-infinity',
        '0044-03-15T10:00:00Z BC',
        '0044-03-15T10:00:00 BC',
        'NaN',
        '-Infinity',
        '101',
        '[1,5)',
        '{"(1,\\"a\\"\\"b\\")"}',
        '24:00:00',
        '{"a": 12345678901234567890}',
        'eHh4eHh4eHh4eA==',
      ],
    ])
  })

  it('gives decimals, times and JSON as text', async () => {
    const engine = postgres({ url })

    const { columns, rows } = await engine.read(
      `SELECT 12.30::numeric(10,2) AS n, '2024-01-01 10:00:00.5+02'::timestamptz AS z,
        '2024-01-01 10:00'::timestamp AS t, '2024-02-03'::date AS d, '{"a":1}'::jsonb AS j,
        true AS b, 'NaN'::float8 AS f, 0.1::float8 AS g, '1 day 2 hours'::interval AS i`,
      caps,
      calm,
    )

    await engine.close()
    expect(rows).toEqual([
      [
        '12.30',
        '2024-01-01T08:00:00.5Z',
        '2024-01-01T10:00:00',
        '2024-02-03',
        '{"a": 1}',
        true,
        'NaN',
        0.1,
        'P1DT2H',
      ],
    ])
    expect(columns[0]).toEqual({ name: 'n', type: 'numeric(10,2)' })
  })

  it.for([
    { url: 'mysql://127.0.0.1/x' },
    { url, maxConnections: 0 },
    { url, idleMs: -1 },
    { url, lockTimeoutMs: 0.5 },
    { url, connectTimeoutMs: 0 },
    { url, searchPath: [] },
  ])('cannot be made with %j', (options) => {
    expect(() => postgres(options)).toThrow(
      expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' }),
    )
  })
})
