import { type Catalog, createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

describe('a whole schema on an allow list', () => {
  it.for([
    'SELECT * FROM pg_shadow',
    'SELECT * FROM public.pg_shadow',
    'SELECT 1 FROM pg_stat_activity',
    'SELECT * FROM pg_catalog.pg_class',
  ])('holds no table of PostgreSQL itself: %s', async (sql) => {
    const policy = definePolicy({ tables: { allow: ['public.*'] } })
    const guard = await createSqlGuard({ dialect: postgres(), policy })

    expect(guard.check(sql).kind).toBe('refused')
    expect(guard.check('SELECT id FROM orders').kind).toBe('allowed')
  })

  it.for([
    'SELECT sql FROM sqlite_master',
    'SELECT * FROM main.sqlite_schema',
    'SELECT 1 FROM dbstat',
  ])('holds no table of SQLite itself: %s', async (sql) => {
    const policy = definePolicy({ tables: { allow: ['main.*'] } })
    const guard = await createSqlGuard({ dialect: sqlite(), policy })

    expect(guard.check(sql).kind).toBe('refused')
    expect(guard.check('SELECT id FROM orders').kind).toBe('allowed')
  })

  it('may be one of the engine, or name a table of the engine', async () => {
    const policy = definePolicy({ tables: { allow: ['pg_catalog.*', 'pg_stat_statements'] } })
    const guard = await createSqlGuard({ dialect: postgres(), policy })

    expect(guard.check('SELECT relname FROM pg_catalog.pg_class').kind).toBe('allowed')
    expect(guard.check('SELECT calls FROM pg_stat_statements').kind).toBe('allowed')
  })

  it('does not vouch for a view of which nobody knows what it reads', async () => {
    const toy = toyCatalog('postgres')
    const catalog: Catalog = {
      ...toy,
      tables: toy.tables.map(({ definition: _unknown, ...table }) => table),
    }
    const check = async (allow: readonly string[]) => {
      const policy = definePolicy({ tables: { allow }, columns: { block: ['customers.email'] } })
      const guard = await createSqlGuard({ dialect: postgres(), policy, catalog })
      return guard.check('SELECT address FROM customer_emails').kind
    }

    expect(await check(['public.*'])).toBe('refused')
    expect(await check(['customer_emails'])).toBe('allowed')
  })
})

describe('names with dots', () => {
  it('are not taken for a schema and a table', async () => {
    const toy = toyCatalog('postgres')
    const [customers] = toy.tables
    const named = (schema: string, name: string) => ({ ...customers!, schema, name })
    const guard = await createSqlGuard({
      dialect: postgres(),
      policy: definePolicy({ tables: { block: ['hidden.*'] } }),
      catalog: { ...toy, tables: [named('hidden', 'x.y'), named('hidden.x', 'y')] },
    })

    expect(guard.check('SELECT id FROM hidden."x.y"').kind).toBe('refused')
    expect(guard.check('SELECT id FROM "hidden.x".y')).toMatchObject({
      reads: [{ schema: 'hidden.x', table: 'y' }],
    })
  })
})
