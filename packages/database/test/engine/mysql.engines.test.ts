import { mysql } from '@t2t/database/mysql'
import { engineContract, type EngineSubject } from '@t2t/database/testing'
import type { Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { startCountingProxy } from './counting-proxy.ts'
import { freshName } from './fresh-name.ts'
import { fingerprintOf, mysqlUrl, mysqlWords, watchFreshDatabase } from './mysql-server.ts'
import { itBehavesAsServerEngine, until } from './server-behaviour.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const name = freshName()
const url = mysqlUrl(name)
const eternity = 'SELECT count(*) FROM seq_1_to_1000000000 a, seq_1_to_1000000000 b'

describe.skipIf(!inject('reachable').mariadb)('mysql', () => {
  let watcher: Connection

  beforeAll(async () => {
    watcher = await watchFreshDatabase(name)
  })

  afterAll(async () => {
    await watcher.query(`DROP DATABASE IF EXISTS ${name}`)
    await watcher.end()
  })

  async function running(): Promise<number> {
    const [rows] = await watcher.query(
      'SELECT count(*) AS n FROM information_schema.processlist WHERE db = ? AND info LIKE ?',
      [name, 'SELECT count(*) FROM seq%'],
    )
    return Number(JSON.stringify(rows).match(/\d+/)?.[0])
  }

  const subject: EngineSubject = {
    ...mysqlWords,
    async open({ now } = {}) {
      const engine = mysql({ url, now })
      return { engine, fingerprint: () => fingerprintOf(watcher, engine) }
    },
  }

  it.for(engineContract)('$promise', { timeout: 120_000 }, async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  itBehavesAsServerEngine({
    open: ({ url: other = url, ...options } = {}) => mysql({ url: other, ...options }),
    eternity,
    running,
    connectionId: 'SELECT connection_id()',
    end: async (id) => void (await watcher.query(`KILL ${String(id)}`)),
    away: 'mysql://root:hush@127.0.0.1:1/x',
    unknown: 'mysql://root@127.0.0.1:3306/t2t_no_such_database',
  })

  it('stops the server when a cap is reached, however much follows', async () => {
    const engine = mysql({ url, maxConnections: 1 })

    const { rows, truncated } = await engine.read('SELECT seq FROM seq_1_to_1000000000', caps, calm)
    const after = await engine.read('SELECT 7', caps, calm)

    await engine.close()
    expect([rows.length, truncated]).toEqual([10, { cap: 'rows', limit: 10, rowsSeen: 11 }])
    expect(after.rows).toEqual([[7]])
  })

  it('ends what nobody wants any more although the server hears no request to', async () => {
    const proxy = await startCountingProxy(3_306, (text) => text.includes('KILL '))
    const engine = mysql({ url: url.replace(':3306', `:${proxy.port}`), maxConnections: 3 })
    const controller = new AbortController()
    // The server ends the statements by itself, a second after this.
    const short = { ...caps, timeoutMs: 6_000 }

    const readings = [1, 2, 3].map(() => engine.read(eternity, short, controller.signal))
    const settled = Promise.allSettled(readings)
    await until(async () => (await running()) === 3)
    controller.abort('enough')
    const ends = await settled
    await engine.close()

    expect(ends).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: 'enough' })))
    expect(engine.pool()).toMatchObject({ size: 0 })
    await until(async () => (await running()) === 0)
    await proxy.close()
  })

  it('does not hold a place for a server that takes a connection and says nothing', async () => {
    const proxy = await startCountingProxy(3_306, (text) => text.includes('START TRANSACTION'))
    const engine = mysql({
      url: url.replace(':3306', `:${proxy.port}`),
      connectTimeoutMs: 50,
      maxConnections: 1,
    })

    const failure = await engine.ping(calm).catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    await engine.close()
    await proxy.close()
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

  it('waits for a lock no longer than it may, and says that it may be later', async () => {
    const engine = mysql({ url, lockTimeoutMs: 1 })
    await watcher.query('LOCK TABLES moons WRITE')

    const failure = await engine
      .read('SELECT * FROM moons', caps, calm)
      .catch((error: unknown) => error)
    await watcher.query('UNLOCK TABLES')

    await engine.close()
    expect(failure).toMatchObject({
      code: 'DATABASE_QUERY_FAILED',
      engineCode: '1205',
      retryable: true,
    })
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

  it('gives days that are none, places, and texts of every length', async () => {
    await watcher.query("SET SESSION sql_mode = ''")
    await watcher.query(
      'CREATE TABLE oddities (d DATE, t DATETIME, z TIMESTAMP, y YEAR, g GEOMETRY)',
    )
    await watcher.query(
      "INSERT INTO oddities VALUES (0, '2024-00-00', 0, 0, ST_GeomFromText('POINT(1 2)'))",
    )
    const engine = mysql({ url })

    const { rows } = await engine.read('SELECT * FROM oddities', caps, calm)
    const { rows: computed } = await engine.read(
      "SELECT TIME'-838:59:59', b'', x'', 1 / 3, -9223372036854775808, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY')",
      caps,
      calm,
    )
    await watcher.query('DROP TABLE oddities')

    await engine.close()
    expect(rows).toEqual([
      ['0000-00-00', '2024-00-00T00:00:00', '0000-00-00T00:00:00Z', 0, '{"x":1,"y":2}'],
    ])
    expect(computed).toEqual([['-838:59:59', '', '', '0.3333', '-9223372036854775808', '[]']])
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
