import { setImmediate } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import {
  createDatabase,
  type DatabaseEvent,
  type Engine,
  type RefreshableDatabase,
} from '@t2t/database'
import { pglite } from '@t2t/database/pglite'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy, type GuardEvent } from '@t2t/sql-guard'
import { describe, expect, it } from 'vitest'
import { canaries, openShop, shopPolicy, shopStatements } from './shop.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'

function collector<Event>(): { readonly events: Event[]; readonly take: (event: Event) => void } {
  const events: Event[] = []
  return { events, take: (event) => events.push(event) }
}

function stillClock(): () => number {
  return () => 0
}

async function shop(
  options: Partial<Parameters<typeof createDatabase>[0]> = {},
): Promise<RefreshableDatabase> {
  return createDatabase({
    name: 'shop',
    engine: sqlite({ database: openShop() }),
    policy: shopPolicy,
    ...options,
  })
}

describe.skipIf(!hasSqlite)('a database', () => {
  it('reads the rows of a permitted text', async () => {
    const database = await shop()

    const outcome = await database.query('SELECT name FROM customers ORDER BY name')

    await database.close()
    expect(outcome).toMatchObject({
      kind: 'rows',
      result: { columns: [{ name: 'name' }], rows: [['Ada'], ['Bob']] },
      verdict: { kind: 'allowed' },
    })
  })

  it.for([
    'DROP TABLE orders',
    'SELECT email FROM customers',
    'SELECT * FROM salaries',
    'SELECT count(*) FROM contacts WHERE email IS NOT NULL',
    'SELECT 1; SELECT 2',
    'SELECT * FROM sqlite_schema',
  ])('refuses %s before the engine sees it', async (sql) => {
    const seen: string[] = []
    const engine = sqlite({ database: openShop() })
    const watched: Engine = {
      dialect: 'sqlite',
      read: (text, caps, signal) => {
        seen.push(text)
        return engine.read(text, caps, signal)
      },
      introspect: (signal) => engine.introspect(signal),
      ping: (signal) => engine.ping(signal),
      close: () => engine.close(),
    }
    const database = await shop({ engine: watched })

    const outcome = await database.query(sql)

    await database.close()
    expect(outcome.kind).toBe('refused')
    expect(seen).toEqual([])
  })

  it('sends the text of the verdict and nothing else', async () => {
    const database = await shop()

    const outcome = await database.query('SELECT count(*) AS n FROM orders')

    await database.close()
    expect(outcome).toMatchObject({ result: { rows: [[3]] } })
  })

  it('shows a catalog without what the policy hides', async () => {
    const database = await shop()

    const catalog = await database.catalog()

    await database.close()
    expect(catalog.tables.map(({ name }) => name)).toContain('customers')
    expect(JSON.stringify(catalog)).not.toMatch(canaries)
  })

  it('shows of a view only what may be read through it', async () => {
    const database = await shop()

    const { tables } = await database.catalog()

    await database.close()
    const contacts = tables.find(({ name }) => name === 'contacts')
    expect(contacts?.columns.map(({ name }) => name)).toEqual(['id'])
  })

  it('shows no generated column whose source is hidden', async () => {
    const grown = openShop()
    grown.exec(`CREATE TABLE people (id INTEGER, ssn TEXT, tail TEXT AS (substr(ssn, 8)), twice AS (id * 2));
      CREATE VIEW tails AS SELECT tail FROM people`)
    const policy = definePolicy({ columns: { block: ['people.ssn'] } })
    const database = await shop({ engine: sqlite({ database: grown }), policy })

    const { tables } = await database.catalog()

    await database.close()
    const people = tables.find(({ name }) => name === 'people')
    expect(people?.columns.map(({ name }) => name)).toEqual(['id', 'twice'])
    expect(tables.map(({ name }) => name)).not.toContain('tails')
  })

  it('lets a call tighten the caps, never loosen them', async () => {
    const database = await shop({ caps: { maxRows: 2 } })
    const rows = async (maxRows: number): Promise<unknown> => {
      const outcome = await database.query('SELECT id FROM orders', { maxRows })
      return outcome.kind === 'rows' && [outcome.result.rows.length, outcome.result.truncated]
    }

    expect(await rows(1)).toEqual([1, { cap: 'rows', limit: 1, rowsSeen: 2 }])
    expect(await rows(900)).toEqual([2, { cap: 'rows', limit: 2, rowsSeen: 3 }])
    await expect(database.query('SELECT 1', { maxRows: 0 })).rejects.toMatchObject({
      code: 'DATABASE_OPTION_INVALID',
    })
    await database.close()
  })

  it('never gives more rows than its policy allows, and says that there were more', async () => {
    const policy = definePolicy({ limits: { maxRows: 2 } })
    const database = await shop({ policy, caps: { maxRows: 100 } })

    const outcome = await database.query('SELECT id FROM orders')

    await database.close()
    expect(outcome).toMatchObject({ result: { truncated: { cap: 'rows', limit: 2 } } })
    expect(outcome.kind === 'rows' && outcome.result.rows).toHaveLength(2)
  })

  it('fills the row filters of its policy with its attributes', async () => {
    const policy = definePolicy({ rows: { filter: { orders: 'customer_id = :customer' } } })
    const database = await shop({ policy, attributes: { customer: 2 } })

    const outcome = await database.query('SELECT id FROM orders')

    await database.close()
    expect(outcome).toMatchObject({ result: { rows: [[3]] } })
  })

  it('gives the byte cap to the engine', async () => {
    const database = await shop({ caps: { maxBytes: 10 } })

    const outcome = await database.query('SELECT name FROM customers')

    await database.close()
    expect(outcome).toMatchObject({ result: { truncated: { cap: 'bytes', limit: 10 } } })
  })

  it('tells what happened, without the text', async () => {
    const heard = collector<DatabaseEvent>()
    const database = await shop({ onEvent: heard.take, now: stillClock() })
    const common = { type: 'query-finished', database: 'shop', dialect: 'sqlite', durationMs: 0 }

    await database.query('SELECT id FROM orders', { maxRows: 1 })
    await database.query('SELECT email FROM customers')
    await database.query("SELECT json('{') FROM orders").catch(() => {})
    await database.query('SELECT 1', { signal: AbortSignal.abort('gone') }).catch(() => {})
    await database.close()

    const none = { rows: 0, isTruncated: false }
    expect(heard.events).toEqual([
      {
        type: 'catalog-refreshed',
        database: 'shop',
        dialect: 'sqlite',
        version: (await catalogOf()).version,
        visibleTables: 3,
        tables: 4,
        durationMs: 0,
      },
      { ...common, outcome: 'rows', rows: 1, isTruncated: true },
      { ...common, ...none, outcome: 'refused', code: 'column-refused' },
      { ...common, ...none, outcome: 'failed', code: 'DATABASE_QUERY_FAILED' },
      { ...common, ...none, outcome: 'aborted' },
      { type: 'database-closed', database: 'shop', dialect: 'sqlite' },
    ])
  })

  it('passes on what the guard tells', async () => {
    const heard = collector<GuardEvent>()
    const database = await shop({ onGuardEvent: heard.take })

    await database.query('SELECT id FROM orders')

    await database.close()
    expect(heard.events).toMatchObject([{ type: 'query-allowed', policy: 'analysts' }])
  })

  it('works although its listener throws', async () => {
    const database = await shop({
      onEvent: () => {
        throw new Error('deaf')
      },
    })

    const outcome = await database.query('SELECT id FROM orders')

    await database.close()
    expect(outcome.kind).toBe('rows')
  })

  it('rejects with the reason of the caller when it is aborted', async () => {
    const database = await shop()

    const failure = database.query('SELECT 1', { signal: AbortSignal.abort('gone') })

    await expect(failure).rejects.toBe('gone')
    await database.close()
  })

  it('guards with a new catalog after a refresh', async () => {
    const engine = sqlite({ database: openShop() })
    const grown = sqlite({ database: grownShop() })
    let current = engine
    const database = await shop({
      engine: {
        dialect: 'sqlite',
        read: (text, caps, signal) => current.read(text, caps, signal),
        introspect: (signal) => current.introspect(signal),
        ping: (signal) => current.ping(signal),
        close: async () => {
          await engine.close()
          await grown.close()
        },
      },
    })

    const before = await database.query('SELECT id FROM returns')
    current = grown
    const { tables } = await database.refreshCatalog()
    const after = await database.query('SELECT id FROM returns')

    await database.close()
    expect([before.kind, after.kind]).toEqual(['refused', 'rows'])
    expect(tables.map(({ name }) => name)).toContain('returns')
  })

  it('looks again when its catalog is too old, and when a name is gone', async () => {
    let now = 0
    const live = openShop()
    const writes = sqlite({ database: openShop() })
    const heard = collector<DatabaseEvent>()
    let current = sqlite({ database: live })
    const database = await shop({
      engine: {
        dialect: 'sqlite',
        read: (text, caps, signal) => current.read(text, caps, signal),
        introspect: (signal) => current.introspect(signal),
        ping: (signal) => current.ping(signal),
        close: () => writes.close(),
      },
      catalogMaxAgeMs: 1_000,
      now: () => now,
      onEvent: heard.take,
    })
    const looks = (): number =>
      heard.events.filter(({ type }) => type === 'catalog-refreshed').length
    const looked = async (times: number): Promise<void> => {
      while (looks() < times) await setImmediate()
    }

    current = sqlite({ database: grownShop() })
    now = 1_001
    const before = await database.query('SELECT id FROM returns')
    await looked(2)
    const after = await database.query('SELECT id FROM returns')
    current = sqlite({ database: openShop() })
    const gone = await database.query('SELECT id FROM returns').catch(() => 'failed')
    await looked(3)

    expect([before.kind, after.kind, gone]).toEqual(['refused', 'rows', 'failed'])
    expect((await database.query('SELECT id FROM returns')).kind).toBe('refused')
    await database.close()
    await expect(shop({ catalogMaxAgeMs: 0 })).rejects.toMatchObject({
      code: 'DATABASE_OPTION_INVALID',
    })
  })

  it('closes once and answers nothing afterwards', async () => {
    const heard = collector<DatabaseEvent>()
    const database = await shop({ onEvent: heard.take })
    const closed = { code: 'DATABASE_CLOSED' }

    await database.ping()
    await database.close()
    await database.close()

    await expect(database.query('SELECT 1')).rejects.toMatchObject(closed)
    await expect(database.catalog()).rejects.toMatchObject(closed)
    await expect(database.ping()).rejects.toMatchObject(closed)
    expect(heard.events.filter(({ type }) => type === 'database-closed')).toHaveLength(1)
  })

  it.for(['', '1st', 'two words', 'a/b', 'x'.repeat(64)])('cannot be called %j', async (name) => {
    await expect(shop({ name })).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
  })

  it.for([{ maxRows: 0 }, { maxBytes: 1.5 }, { timeoutMs: Number.NaN }])(
    'cannot have the caps %j',
    async (caps) => {
      await expect(shop({ caps })).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
    },
  )

  it('closes an engine that cannot be looked at', async () => {
    let isClosed = false
    const broken: Engine = {
      dialect: 'sqlite',
      read: () => Promise.reject(new Error('no')),
      introspect: () => Promise.reject(new Error('no catalog')),
      ping: async () => {},
      close: async () => {
        isClosed = true
      },
    }

    await expect(shop({ engine: broken })).rejects.toThrow('no catalog')
    expect(isClosed).toBe(true)
  })

  it('guards PostgreSQL as well', async () => {
    const client = await PGlite.create()
    for (const statement of shopStatements) await client.exec(statement)
    const database = await shop({ engine: pglite({ client }) })

    const allowed = await database.query('SELECT total FROM orders ORDER BY id')
    const refused = await database.query('SELECT c FROM customers c')
    const catalog = await database.catalog()

    await database.close()
    expect(allowed).toMatchObject({ result: { rows: [[30], [12], ['9007199254740993']] } })
    expect(refused.kind).toBe('refused')
    expect(JSON.stringify(catalog)).not.toMatch(canaries)
  }, 240_000)
})

async function catalogOf(): ReturnType<Engine['introspect']> {
  const engine = sqlite({ database: openShop() })
  const catalog = await engine.introspect(new AbortController().signal)
  await engine.close()
  return catalog
}

function grownShop(): ReturnType<typeof openShop> {
  const database = openShop()
  database.exec('CREATE TABLE returns (id BIGINT)')
  return database
}
