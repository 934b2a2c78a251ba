import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { mysql, type PooledEngine } from '@t2t/database/mysql'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import { createConnection, type Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const name = 't2t_database_contract'
const url = `mysql://root@127.0.0.1:3306/${name}`
const eternity = 'SELECT count(*) FROM seq_1_to_1000000000 a, seq_1_to_1000000000 b'

describe.skipIf(!inject('reachable').mariadb)('mysql', () => {
  let watcher: Connection

  beforeAll(async () => {
    watcher = await createConnection('mysql://root@127.0.0.1:3306/mysql')
    await watcher.query(`DROP DATABASE IF EXISTS ${name}`)
    await watcher.query(`CREATE DATABASE ${name}`)
    await watcher.query(`USE ${name}`)
    for (const statement of engineContractData) await watcher.query(statement)
  })

  afterAll(async () => {
    await watcher.query(`DROP DATABASE IF EXISTS ${name}`)
    await watcher.end()
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
    const [rows] = await watcher.query(
      'SELECT count(*) AS n FROM information_schema.processlist WHERE db = ? AND info LIKE ?',
      [name, 'SELECT count(*) FROM seq%'],
    )
    return Number(JSON.stringify(rows).match(/\d+/)?.[0])
  }

  /** The server lists a statement for a moment after it has told that it ended. */
  async function nothingRuns(): Promise<void> {
    while ((await running()) > 0) await setImmediate()
  }

  async function fingerprint(engine: PooledEngine): Promise<string> {
    await atRest(engine)
    const seen: unknown[] = [existsSync('/tmp/t2t-moons.txt')]
    for (const sql of [
      'SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = database()',
      'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database()',
      'SELECT * FROM planets ORDER BY id',
      'SELECT * FROM moons ORDER BY id',
      "SHOW GLOBAL VARIABLES LIKE 'max\\_%'",
      "SELECT IS_USED_LOCK('mine')",
      'SELECT user, host FROM mysql.user ORDER BY user, host',
    ]) {
      seen.push((await watcher.query(sql))[0])
    }
    for (const sql of [
      `SELECT variable_name, variable_value FROM information_schema.session_variables
       WHERE variable_name NOT IN ('MAX_STATEMENT_TIME', 'PSEUDO_THREAD_ID', 'TIMESTAMP', 'IN_TRANSACTION', 'RAND_SEED1', 'RAND_SEED2')
       ORDER BY variable_name`,
      'SELECT @mine, LAST_INSERT_ID(), database()',
    ]) {
      const large = { ...caps, maxRows: 2_000, maxBytes: 1e6 }
      seen.push((await engine.read(sql, large, calm)).rows)
    }
    await atRest(engine)
    return JSON.stringify(seen)
  }

  const subject: EngineSubject = {
    binaryExpression: "x'00ff'",
    integerType: 'SIGNED',
    counting: (rows) => `SELECT seq AS i FROM seq_1_to_${rows}`,
    async open({ now } = {}) {
      const engine = mysql({ url, now })
      return { engine, fingerprint: () => fingerprint(engine) }
    },
  }

  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('cancels on the server what a caller does not want any more', async () => {
    const engine = mysql({ url })
    const controller = new AbortController()

    const reading = engine.read(eternity, caps, controller.signal)
    while ((await running()) === 0) await setImmediate()
    controller.abort('enough')

    await expect(reading).rejects.toBe('enough')
    await nothingRuns()
    await engine.close()
  })

  it('cancels on the server what takes too long', async () => {
    const engine = mysql({ url })

    const reading = engine.read(eternity, { ...caps, timeoutMs: 50 }, calm)

    await expect(reading).rejects.toMatchObject({ code: 'DATABASE_QUERY_TIMED_OUT' })
    await nothingRuns()
    await engine.close()
  })

  it('stops the server when a cap is reached, however much follows', async () => {
    const engine = mysql({ url, maxConnections: 1 })

    const { rows, truncated } = await engine.read('SELECT seq FROM seq_1_to_1000000000', caps, calm)
    const after = await engine.read('SELECT 7', caps, calm)

    await engine.close()
    expect([rows.length, truncated]).toEqual([10, { cap: 'rows', limit: 10 }])
    expect(after.rows).toEqual([[7]])
  })

  it('counts as far as a statement says', async () => {
    const engine = mysql({ url })

    const { rows } = await engine.read(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT count(*) FROM n',
      caps,
      calm,
    )

    await engine.close()
    expect(rows).toEqual([[3_000]])
  })

  it('uses a connection again, and never one that was lost', async () => {
    const engine = mysql({ url })
    const id = async (): Promise<unknown> => {
      const { rows } = await engine.read('SELECT connection_id()', caps, calm)
      await atRest(engine)
      return rows[0]?.[0]
    }

    const [one, other] = [await id(), await id()]
    await watcher.query(`KILL ${String(other)}`)
    while (engine.pool().idle > 0 && (await engine.ping(calm).then(() => true, isLost))) {
      if ((await id()) !== other) break
    }

    expect(other).toBe(one)
    expect((await engine.read('SELECT 7', caps, calm)).rows).toEqual([[7]])
    await engine.close()
  })

  function isLost(error: unknown): boolean {
    expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    return true
  }

  it('says whether a server that does not serve us may do so later', async () => {
    const away = mysql({ url: 'mysql://root:hush@127.0.0.1:1/x' })
    const unknown = mysql({ url: 'mysql://root@127.0.0.1:3306/t2t_no_such_database' })

    const [one, other] = await Promise.all(
      [away, unknown].map((engine) => engine.ping(calm).catch((error: unknown) => error)),
    )

    await Promise.all([away.close(), unknown.close()])
    expect(one).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    expect(other).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: false })
    expect(String(one)).not.toContain('hush')
  })

  it('gives decimals, times, bits, small floats and JSON exactly', async () => {
    await watcher.query(`CREATE TABLE kinds (d DECIMAL(10,2), t DATETIME(1), z TIMESTAMP NULL, day DATE,
      f FLOAT, b BIT(60), j JSON, big BIGINT UNSIGNED, flag BOOLEAN, e ENUM('a','b'))`)
    await watcher.query(`INSERT INTO kinds VALUES (12.30, '2024-01-01 10:00:00.5', '2024-01-01 10:00:00',
      '2024-02-03', 0.1, b'101', '{"a":1}', 18446744073709551615, true, 'b')`)
    const engine = mysql({ url })

    const { columns, rows } = await engine.read('SELECT * FROM kinds', caps, calm)
    const catalog = await engine.introspect(calm)
    await watcher.query('DROP TABLE kinds')

    await engine.close()
    expect(rows).toEqual([
      [
        '12.30',
        '2024-01-01T10:00:00.5',
        '2024-01-01T10:00:00Z',
        '2024-02-03',
        0.1,
        5,
        '{"a":1}',
        '18446744073709551615',
        1,
        'b',
      ],
    ])
    expect(columns[0]).toEqual({ name: 'd', type: 'decimal' })
    const kinds = catalog.tables.find(({ name: table }) => table === 'kinds')
    expect(kinds?.columns.at(-1)).toMatchObject({ type: "enum('a','b')", enumValues: ['a', 'b'] })
  })

  it.for([
    { url: 'postgres://127.0.0.1/x' },
    { url: 'mysql://127.0.0.1' },
    { url, maxConnections: 0 },
    { url, idleMs: -1 },
    { url, lockTimeoutMs: 0.5 },
    { url, connectTimeoutMs: 0 },
  ])('cannot be made with %j', (options) => {
    expect(() => mysql(options)).toThrow(
      expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' }),
    )
  })
})
