import { createDatabases } from '@t2t/database'
import { clickhouse } from '@t2t/database/clickhouse'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import { definePolicy } from '@t2t/sql-guard'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type ChdbServer, startChdbServer } from './clickhouse/chdb-server.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const folder = inject('chdb')
const patient = { timeout: 60_000 }
const database = 'planetarium'

const statements: readonly string[] = [
  `CREATE DATABASE ${database}`,
  `USE ${database}`,
  'SET data_type_default_nullable = 1',
  // The engine has no foreign keys.
  ...engineContractData.map((sql) => sql.replace(/ REFERENCES planets \(id\)/, '')),
  'SET data_type_default_nullable = 0',
  'CREATE DATABASE attic',
  `CREATE TABLE attic.kinds (id UInt8 NOT NULL, big UInt64 NOT NULL, wide Int128 NOT NULL, d Decimal(10, 2) NOT NULL,
    t DateTime('Asia/Tokyo') NOT NULL, m DateTime64(3, 'UTC') NOT NULL, day Date NOT NULL, f Float32 NOT NULL,
    flag Bool NOT NULL, e Enum8('a' = 1, 'b' = 2) NOT NULL, list Array(UInt64), pair Tuple(x Int8, y Nullable(String)),
    names Map(String, UInt64), low LowCardinality(String) NOT NULL, raw FixedString(2) NOT NULL, doc JSON,
    upper_low String DEFAULT upper(low), hidden String MATERIALIZED lower(low))
    ENGINE = MergeTree ORDER BY id COMMENT 'Every kind of value'`,
  `INSERT INTO attic.kinds (id, big, wide, d, t, m, day, f, flag, e, list, pair, names, low, raw, doc) VALUES
    (1, 18446744073709551615, -170141183460469231731687303715884105728, 12.30, '2024-01-01 10:00:00',
    '2024-01-01 10:00:00.5', '2024-02-03', 0.1, true, 'b', [1, 18446744073709551615], (1, NULL), {'k': 7}, 'low',
    unhex('00FF'), '{"a": 1}')`,
]

describe.skipIf(folder === '')('clickhouse', () => {
  let server: ChdbServer
  let watcher: ReturnType<typeof clickhouse>

  beforeAll(async () => {
    server = await startChdbServer(folder, statements)
    watcher = open()
  }, 240_000)

  afterAll(async () => {
    await watcher.close()
    await server.close()
  })

  const open = (options: Partial<Parameters<typeof clickhouse>[0]> = {}) =>
    clickhouse({ url: server.url, database, ...options })

  const subject: EngineSubject = {
    binaryExpression: `unhex('00FF')`,
    integerType: 'Int64',
    keyType: /^Int64$/,
    hasForeignKeys: false,
    // A name cannot stand for two expressions in one select.
    sameNames: 'SELECT x.a, y.a FROM (SELECT 1 AS a) AS x, (SELECT 2 AS a) AS y',
    counting: (rows) => `SELECT number + 1 AS i FROM numbers(${rows})`,
    async open({ now } = {}) {
      const engine = open({ now })
      return {
        engine,
        async fingerprint() {
          const found = await Promise.all(
            fingerprints.map((sql) =>
              watcher.read(sql, { ...caps, maxRows: 1e6, maxBytes: 1e7 }, calm),
            ),
          )
          return JSON.stringify(found.map(({ rows }) => rows))
        },
      }
    },
  }

  it.for(engineContract)('$promise', { timeout: 120_000 }, async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('gives every kind of value exactly', async () => {
    const engine = open({ database: 'attic' })

    const { rows, columns } = await engine.read('SELECT * FROM kinds', caps, calm)
    const catalog = await engine.introspect(calm)

    await engine.close()
    expect(rows).toEqual([
      [
        1,
        '18446744073709551615',
        '-170141183460469231731687303715884105728',
        '12.3',
        '2024-01-01T01:00:00Z',
        '2024-01-01T10:00:00.500Z',
        '2024-02-03',
        0.1,
        true,
        'b',
        '[1,"18446744073709551615"]',
        '{"x":1,"y":null}',
        '{"k":7}',
        'low',
        'AP8=',
        '{"a":"1"}',
        'LOW',
      ],
    ])
    expect(columns[4]).toEqual({ name: 't', type: "DateTime('Asia/Tokyo')" })
    const kinds = catalog.tables.find(({ name }) => name === 'kinds')
    expect(kinds).toMatchObject({
      comment: 'Every kind of value',
      estimatedRows: 1,
      primaryKey: ['id'],
    })
    expect(kinds?.columns.map(({ name }) => name)).not.toContain('hidden')
    expect(kinds?.columns.find(({ name }) => name === 'e')).toMatchObject({
      enumValues: ['a', 'b'],
    })
    expect(kinds?.columns.find(({ name }) => name === 'upper_low')).toMatchObject({
      generatedFrom: ['low'],
    })
  })

  it('leaves nothing running when 50 readings are aborted', async () => {
    const engine = open({ maxConnections: 50 })
    const controller = new AbortController()
    const readings = Array.from({ length: 50 }, () =>
      engine
        .read(
          'SELECT number FROM numbers(1000000000)',
          { ...caps, maxRows: 1e9, maxBytes: 1e9 },
          controller.signal,
        )
        .catch((error: unknown) => error),
    )
    await expect.poll(() => server.running.size, patient).toBeGreaterThan(5)

    const reason = new Error('enough')
    controller.abort(reason)
    const outcomes = await Promise.all(readings)

    await engine.close()
    expect(new Set(outcomes)).toEqual(new Set([reason]))
    // The engine waits two seconds at the most, and a busy machine may need more for fifty.
    await expect.poll(() => server.running.size, patient).toBe(0)
  })

  it('ends a statement that gives no rows', async () => {
    const engine = open()
    const eternity = 'SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 7'

    const error = await engine
      .read(eternity, { ...caps, timeoutMs: 300 }, calm)
      .catch((e: unknown) => e)
    const { rows } = await engine.read('SELECT 7', caps, calm)

    await engine.close()
    expect(error).toMatchObject({ code: 'DATABASE_QUERY_TIMED_OUT' })
    expect(rows).toEqual([[7]])
  })

  it('serves a database with a guard, values to look at, and what its role may do', async () => {
    const policy = definePolicy({ columns: { block: ['planets.note'] } })
    const databases = await createDatabases([
      { name: 'sky', engine: open(), policy, sampleValues: { columns: ['moons.name'] } },
    ])
    const sky = databases.get('sky')

    const answer = await sky?.query(`SELECT name AS n FROM moons WHERE n LIKE 'P%'`)
    const refused = await sky?.query('SELECT note FROM planets')
    const catalog = await sky?.catalog()
    const posture = await sky?.posture?.()
    const drift = await sky?.drift()

    await databases.close()
    expect(answer).toMatchObject({ kind: 'rows', result: { rows: [['Phobos']] } })
    expect(refused).toMatchObject({ kind: 'refused' })
    expect(
      catalog?.tables
        .find(({ name }) => name === 'moons')
        ?.columns.find(({ name }) => name === 'name')?.sampleValues,
    ).toEqual(['Deimos', 'Moon', 'Phobos'])
    expect(posture).toMatchObject({ role: 'default', canWrite: true })
    expect(posture?.findings).toContainEqual({
      code: 'server-access',
      subject: 'FILE ON *.*',
      writes: true,
    })
    expect(drift?.readableThoughHidden).toEqual(['planetarium.planets.note'])
  })

  it('names what is wrong, what may be meant, and none of the text', async () => {
    const engine = open()

    const failures = await Promise.all(
      [
        `SELECT nam, 'secret' FROM moons`,
        `SELECT 'secret' FROM moon`,
        `SELECT lowr('secret')`,
        `SELECT toInt64('secret')`,
      ].map((sql) => engine.read(sql, caps, calm).catch(String)),
    )

    await engine.close()
    expect(failures).toEqual([
      'QueryFailedError: ClickHouse: There is no column nam; there is name (47).',
      expect.stringMatching(/There is no table \S*moon\S*.* \(60\)/),
      expect.stringMatching(/There is no function lowr.* \(46\)/),
      'QueryFailedError: ClickHouse: a text cannot be read as the type that is asked for (6).',
    ])
  })

  it('says that a server is not there, or that it ended its answer early', async () => {
    const away = clickhouse({ url: 'http://127.0.0.1:1', database, password: 'hush' })
    const engine = open()
    const reading = engine
      .read(
        'SELECT number FROM numbers(1000000000)',
        { ...caps, maxRows: 1e9, maxBytes: 1e9 },
        calm,
      )
      .catch((error: unknown) => error)
    await expect.poll(() => server.running.size, patient).toBe(1)
    server.crash()

    const [missing, broken] = [
      await away.ping(calm).catch((error: unknown) => error),
      await reading,
    ]
    const { rows } = await engine.read('SELECT 7', caps, calm)

    await Promise.all([away.close(), engine.close()])
    expect(missing).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    expect(String(missing)).not.toContain('hush')
    expect(broken).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
    expect(rows).toEqual([[7]])
  })

  it.for([
    { url: 'ftp://127.0.0.1', database },
    { url: 'http://reader:hush@127.0.0.1', database },
    { url: 'http://127.0.0.1', database: '' },
    { url: 'http://127.0.0.1', database, maxConnections: 0 },
  ])('cannot be made with %j', (options) => {
    expect(() => clickhouse(options)).toThrow(
      expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' }),
    )
  })
})

/** Everything that a statement could change. */
const fingerprints: readonly string[] = [
  `SELECT database, name, engine, total_rows, metadata_modification_time FROM system.tables
    WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY database, name`,
  'SELECT name FROM system.databases ORDER BY name',
  'SELECT * FROM planets ORDER BY id',
  'SELECT * FROM moons ORDER BY id',
  `SELECT name, value FROM system.settings WHERE changed AND name IN ('readonly', 'max_threads')`,
  `SELECT name FROM system.functions WHERE origin = 'SQLUserDefined'`,
]
