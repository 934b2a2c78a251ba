import { setImmediate } from 'node:timers/promises'
import { postgres, type PooledEngine } from '@t2t/database/postgres'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createDatabaseWith, dropDatabase, serverUrl } from './postgres-server.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const name = 't2t_database_contract'
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

  /** Connections are made clean behind the caller's back; then they are idle. */
  async function atRest(engine: PooledEngine): Promise<void> {
    for (;;) {
      const { size, idle } = engine.pool()
      if (size === idle) return
      await setImmediate()
    }
  }

  async function running(): Promise<number> {
    const { rows } = await watcher.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = $1 AND state = 'active' AND query LIKE 'SELECT count(*) FROM generate%'`,
      [name],
    )
    return rows[0]?.n ?? -1
  }

  async function fingerprint(engine: PooledEngine): Promise<string> {
    await atRest(engine)
    const shared = await watcher.query(`
      SELECT relname, relkind, relowner FROM pg_class ORDER BY oid;
      SELECT * FROM planets ORDER BY id;
      SELECT * FROM moons ORDER BY id;
      SELECT locktype, mode FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
      SELECT oid FROM pg_largeobject_metadata;
      SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting;
    `)
    const seen: unknown[] = Array.isArray(shared) ? shared.map(({ rows }) => rows) : []
    for (const sql of [
      "SELECT name, setting, source FROM pg_settings WHERE name NOT LIKE 'transaction_%' AND name <> 'statement_timeout'",
      'SELECT name FROM pg_prepared_statements',
      'SELECT name FROM pg_cursors',
      'SELECT * FROM pg_listening_channels()',
    ]) {
      const { rows } = await engine.read(sql, { ...caps, maxRows: 1_000, maxBytes: 1e6 }, calm)
      seen.push(rows)
    }
    await atRest(engine)
    return JSON.stringify(seen)
  }

  const subject: EngineSubject = {
    binaryExpression: String.raw`'\x00ff'::bytea`,
    async open({ now } = {}) {
      const engine = postgres({ url, now })
      return { engine, fingerprint: () => fingerprint(engine) }
    },
  }

  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('cancels on the server what a caller does not want any more', async () => {
    const engine = postgres({ url })
    const controller = new AbortController()

    const reading = engine.read(eternity, caps, controller.signal)
    while ((await running()) === 0) await setImmediate()
    controller.abort('enough')

    await expect(reading).rejects.toBe('enough')
    expect(await running()).toBe(0)
    await engine.close()
  })

  it('cancels on the server what takes too long', async () => {
    const engine = postgres({ url })

    const reading = engine.read(eternity, { ...caps, timeoutMs: 20 }, calm)

    await expect(reading).rejects.toMatchObject({ code: 'DATABASE_QUERY_TIMED_OUT' })
    expect(await running()).toBe(0)
    await engine.close()
  })

  it('has at most as many connections as it may, and lets callers wait', async () => {
    const engine = postgres({ url, maxConnections: 2 })
    const controller = new AbortController()

    const readings = [1, 2].map(() => engine.read(eternity, caps, controller.signal))
    const third = engine.read('SELECT 3', caps, calm)
    while ((await running()) < 2) await setImmediate()
    const figures = engine.pool()
    controller.abort('enough')
    await Promise.allSettled(readings)

    expect(figures).toEqual({ size: 2, idle: 0, waiting: 1, maxConnections: 2 })
    expect((await third).rows).toEqual([[3]])
    await engine.close()
    expect(engine.pool()).toMatchObject({ size: 0, waiting: 0 })
  })

  it('uses a connection again', async () => {
    const engine = postgres({ url })
    const pid = async (): Promise<unknown> => {
      const { rows } = await engine.read('SELECT pg_backend_pid()', caps, calm)
      await atRest(engine)
      return rows[0]?.[0]
    }

    expect(await pid()).toBe(await pid())
    await engine.close()
  })

  it('never uses a connection again that was lost', async () => {
    const engine = postgres({ url })
    const { rows } = await engine.read('SELECT pg_backend_pid()', caps, calm)
    await atRest(engine)

    await watcher.query('SELECT pg_terminate_backend($1)', [rows[0]?.[0]])
    while (engine.pool().idle > 0 && (await gone(engine))) await setImmediate()

    expect((await engine.read('SELECT 7', caps, calm)).rows).toEqual([[7]])
    await engine.close()
  })

  async function gone(engine: PooledEngine): Promise<boolean> {
    const failed = await engine.ping(calm).then(
      () => false,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
        return true
      },
    )
    return failed
  }

  it('says that a server cannot be reached, and that it may be later', async () => {
    const engine = postgres({ url: 'postgres://postgres:hush@127.0.0.1:1/x' })

    const failure = await engine.ping(calm).catch((error: unknown) => error)

    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    expect(String(failure)).not.toContain('hush')
  })

  it('says that a server refuses us, and that it will do so again', async () => {
    const engine = postgres({ url: `${serverUrl}t2t_no_such_database` })

    await expect(engine.ping(calm)).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      retryable: false,
    })
    await engine.close()
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
