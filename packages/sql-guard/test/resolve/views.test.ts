import { DatabaseSync } from 'node:sqlite'
import { type CatalogTable, createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { otherWorld, worldCatalog, worldSchema } from '../attacks/world.ts'

/** Views that depend on the hidden column without showing it. */
const telling: Readonly<Record<string, string>> = {
  ranked: 'SELECT id, rank() OVER (ORDER BY email) AS x FROM customers',
  matching: `SELECT id, name AS x FROM customers WHERE email LIKE 'ada%'`,
  first_one: 'SELECT id, name AS x FROM customers ORDER BY email LIMIT 1',
  tested: `SELECT id, EXISTS (SELECT 1 FROM customers c WHERE c.id = o.id AND c.email LIKE 'ada%') AS x FROM orders o`,
  filtered: `SELECT 1 AS id, count(*) FILTER (WHERE email < 'b' AND id = 1) AS x FROM customers`,
  grouped: `SELECT min(id) AS id, count(*) AS x FROM customers GROUP BY email < 'b', id > 1`,
  joined: `SELECT o.id, o.total AS x FROM orders o JOIN customers c ON c.id = o.id AND c.email < 'b'`,
  unmatched: `SELECT id, x FROM (SELECT id, name AS x, email FROM customers EXCEPT SELECT 1, 'Ada', 'ada@canary') t`,
  nested: 'SELECT id, x FROM matching',
}

/** Views that read the hidden column only to show it. */
const showing: Readonly<Record<string, string>> = {
  everyone: 'SELECT id, name AS x, email FROM customers ORDER BY id',
  of_two:
    'SELECT c.id, o.total AS x, c.email FROM customers c JOIN orders o ON o.customer_id = c.id',
  of_view: 'SELECT id, x, email FROM everyone',
  alike:
    'SELECT id, name AS x, email FROM customers UNION ALL SELECT id, name, email FROM customers',
}

const views = { ...telling, ...showing }
const dialects = { postgres: postgres(), sqlite: sqlite(), mysql: mysql() }
const schemas = { postgres: 'public', sqlite: 'main', mysql: 'shop' }

function viewTables(schema: string): readonly CatalogTable[] {
  return Object.entries(views).map(([name, definition]) => ({
    schema,
    name,
    kind: 'view',
    columns: ['id', 'x', ...(name in showing ? ['email'] : [])].map((column) => ({
      name: column,
      type: 'text',
      isNullable: true,
    })),
    primaryKey: [],
    foreignKeys: [],
    definition,
  }))
}

async function guardOf(name: keyof typeof dialects, hides: 'block' | 'mask'): Promise<SqlGuard> {
  const catalog = worldCatalog(name, schemas[name])
  return createSqlGuard({
    dialect: dialects[name],
    policy: definePolicy({
      columns:
        hides === 'block'
          ? { block: ['customers.email'] }
          : { mask: { 'customers.email': 'redacted' } },
    }),
    catalog: { ...catalog, tables: [...catalog.tables, ...viewTables(schemas[name])] },
  })
}

const guards = await Promise.all(
  (['postgres', 'sqlite', 'mysql'] as const).flatMap((name) =>
    (['block', 'mask'] as const).map(async (hides) => ({
      name,
      hides,
      guard: await guardOf(name, hides),
    })),
  ),
)

function open(change: string): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec(worldSchema(''))
  for (const [name, definition] of Object.entries(views)) {
    database.exec(`CREATE VIEW ${name} AS ${definition}`)
  }
  database.exec(change)
  return database
}

const [one, other] = [open(''), open(otherWorld)]

describe('views over a hidden column', () => {
  it.for(Object.keys(telling))('tell of it without the guard: %s', (view) => {
    const sql = `SELECT id, x FROM ${view} ORDER BY 1, 2`

    expect(one.prepare(sql).all()).not.toEqual(other.prepare(sql).all())
  })

  it.for(Object.keys(showing))('tell nothing of it where only others are named: %s', (view) => {
    const sql = `SELECT id, x FROM ${view} ORDER BY 1, 2`

    expect(one.prepare(sql).all()).toEqual(other.prepare(sql).all())
  })

  describe.for(guards)('for $name with a $hides', ({ hides, guard }) => {
    it.for(Object.keys(telling))('are refused when they depend on it: %s', (view) => {
      for (const what of ['id', 'x', 'count(*)', '*']) {
        expect(guard.check(`SELECT ${what} FROM ${view}`)).toMatchObject({
          kind: 'refused',
          findings: [{ code: 'table-refused' }],
        })
      }
    })

    it.for(Object.keys(showing))('are open where they only show it: %s', (view) => {
      expect(guard.check(`SELECT id, x FROM ${view}`).kind).toBe('allowed')
      expect(guard.check(`SELECT count(*) FROM ${view}`).kind).toBe('allowed')
      expect(guard.check(`SELECT id FROM ${view} ORDER BY email`).kind).toBe('refused')
      expect(guard.check(`SELECT email FROM ${view}`).kind).toBe(
        hides === 'block' ? 'refused' : 'allowed',
      )
    })
  })
})
