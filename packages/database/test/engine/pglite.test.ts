import { PGlite } from '@electric-sql/pglite'
import { pglite, type PgliteClient } from '@t2t/database/pglite'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
let shared: PGlite

beforeAll(async () => {
  shared = await PGlite.create()
  for (const statement of engineContractData) await shared.exec(statement)
}, 240_000)

afterAll(async () => {
  await shared.close()
})

/** The shared instance, which stays open when an engine closes: a new one takes seconds. */
function lent(): PgliteClient {
  return {
    transaction: (body) => shared.transaction(body),
    execProtocol: (message, options) => shared.execProtocol(message, options),
    runExclusive: (body) => shared.runExclusive(body),
    exec: (sql) => shared.exec(sql),
    close: async () => {},
  }
}

const subject: EngineSubject = {
  binaryExpression: String.raw`'\x00ff'::bytea`,
  open: async ({ now } = {}) => ({ engine: pglite({ client: lent(), now }), fingerprint }),
}

/** Everything that a statement could change: content, settings, locks, statements, cursors. */
async function fingerprint(): Promise<string> {
  const results = await shared.exec(`
    SELECT relname, relkind, relowner FROM pg_class ORDER BY oid;
    SELECT * FROM planets ORDER BY id;
    SELECT * FROM moons ORDER BY id;
    SELECT name, setting, source FROM pg_settings WHERE name <> 'transaction_isolation' ORDER BY name;
    SELECT locktype, mode FROM pg_locks WHERE locktype = 'advisory';
    SELECT name FROM pg_prepared_statements;
    SELECT name FROM pg_cursors;
    SELECT * FROM pg_listening_channels();
    SELECT oid FROM pg_largeobject_metadata;
  `)
  return JSON.stringify(results.map(({ rows }) => rows))
}

describe('pglite', () => {
  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('gives decimals, times and JSON as text', async () => {
    const engine = pglite({ client: lent() })

    const { columns, rows } = await engine.read(
      `SELECT 12.30::numeric(10,2) AS n, '2024-01-01 10:00:00.5+02'::timestamptz AS z,
        '2024-01-01 10:00'::timestamp AS t, '2024-02-03'::date AS d, '{"a":1}'::jsonb AS j,
        true AS b, 'NaN'::float8 AS f, 0.1::float8 AS g, '1 day 2 hours'::interval AS i`,
      caps,
      calm,
    )

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

  it('wants exactly one source and a schema to look in', () => {
    const invalid = expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' })

    expect(() => pglite({})).toThrow(invalid)
    expect(() => pglite({ client: lent(), image: 'x' })).toThrow(invalid)
    expect(() => pglite({ client: lent(), searchPath: [] })).toThrow(invalid)
  })

  it('lets a caller leave the queue before it is served', async () => {
    const engine = pglite({ client: lent() })
    const controller = new AbortController()

    const first = engine.read('SELECT 1 AS one', caps, calm)
    const second = engine.read('SELECT 2 AS two', caps, controller.signal)
    controller.abort('left')

    await expect(second).rejects.toBe('left')
    expect((await first).rows).toEqual([[1]])
  })

  it('describes comments, enums, generated columns and other schemas', async () => {
    await shared.exec(`
      CREATE SCHEMA lab;
      CREATE TYPE lab.phase AS ENUM ('new', 'full');
      CREATE TABLE lab.samples (id int PRIMARY KEY, phase lab.phase, label text,
        size int GENERATED ALWAYS AS (length(label)) STORED);
      COMMENT ON TABLE lab.samples IS 'Stones';
      COMMENT ON COLUMN lab.samples.label IS 'On the box';
    `)
    const engine = pglite({ client: lent() })

    const { tables } = await engine.introspect(calm)
    await shared.exec('DROP SCHEMA lab CASCADE')

    expect(tables[0]).toEqual({
      schema: 'lab',
      name: 'samples',
      kind: 'table',
      comment: 'Stones',
      columns: [
        { name: 'id', type: 'integer', isNullable: false },
        { name: 'phase', type: 'lab.phase', isNullable: true, enumValues: ['new', 'full'] },
        { name: 'label', type: 'text', isNullable: true, comment: 'On the box' },
        { name: 'size', type: 'integer', isNullable: true, generatedFrom: ['label'] },
      ],
      primaryKey: ['id'],
      foreignKeys: [],
    })
  })

  it('ends a statement that gives nothing where it has a thread of its own', async () => {
    const engine = pglite({ image: await shared.dumpDataDir('none'), runsIn: 'own-thread' })
    await engine.ping(calm)

    const endless = engine.read(
      'SELECT count(*) FROM generate_series(1, 100000000000)',
      { ...caps, timeoutMs: 50 },
      calm,
    )

    await expect(endless).rejects.toMatchObject({ code: 'DATABASE_QUERY_TIMED_OUT' })
    expect((await engine.read('SELECT count(*) FROM moons', caps, calm)).rows).toEqual([[3]])
    await engine.close()
  }, 240_000)

  it('has a thread of its own only for an image', () => {
    expect(() => pglite({ client: lent(), runsIn: 'own-thread' })).toThrow('image')
  })

  it('opens an image', async () => {
    const image = await shared.dumpDataDir('none')
    const engine = pglite({ image })

    const { rows } = await engine.read('SELECT count(*) FROM moons', caps, calm)
    await engine.close()

    expect(rows).toEqual([[3]])
  }, 240_000)
})
