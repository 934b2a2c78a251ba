import { DatabaseSync } from 'node:sqlite'
import { type AllowedVerdict, createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqliteAuthorizer } from '@t2t/sql-guard/native'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { honestTwins } from '../attacks/attack.ts'
import { constants, places } from '../attacks/sqlite/reading.ts'
import { searchedSchema, searchedTables } from '../attacks/sqlite/searches.ts'
import { maskPolicy, rowPolicy, worldCatalog, worldPolicy, worldSchema } from '../attacks/world.ts'

const catalog = worldCatalog('sqlite', 'main')
const database = new DatabaseSync(':memory:')
database.exec(worldSchema(''))

const guards = await Promise.all(
  [definePolicy(), worldPolicy, maskPolicy, rowPolicy].map((policy) =>
    createSqlGuard({ dialect: sqlite(), policy, catalog, attributes: { customer: 1 } }),
  ),
)

function verdictsOn(sql: string): readonly AllowedVerdict[] {
  return guards.map((guard) => guard.check(sql)).filter((verdict) => verdict.kind === 'allowed')
}

/** Prepares a text under the authorizer of a verdict, and says whether SQLite lets it. */
function permits(verdict: AllowedVerdict, sql: string): boolean {
  database.setAuthorizer(sqliteAuthorizer(verdict))
  try {
    database.prepare(sql)
    return true
  } catch {
    return false
  } finally {
    database.setAuthorizer(null)
  }
}

const statements = [
  ...honestTwins(places, constants),
  'SELECT * FROM customers',
  'SELECT * FROM customer_emails',
  'SELECT count(*) FROM orders',
  'SELECT rowid, total FROM orders',
  "SELECT value FROM json_each('[1, 2]')",
  "SELECT name FROM customers WHERE name LIKE 'A%' AND name GLOB 'A*'",
  `SELECT '{"a": 1}' -> 'a', '{"a": 1}' ->> 'a', current_date FROM customers`,
  'SELECT upper(NAME) FROM CUSTOMERS NATURAL JOIN orders',
  'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n',
]

describe('a SQLite authorizer of a verdict', () => {
  it.for(statements)('permits what the guard allowed: %s', (sql) => {
    const verdicts = verdictsOn(sql)

    expect(verdicts.length).toBeGreaterThan(0)
    for (const verdict of verdicts) expect(permits(verdict, verdict.sql)).toBe(true)
  })

  it.for([
    ['another column', 'SELECT id, email FROM customers'],
    ['another table', 'SELECT id, name, (SELECT value FROM secrets) FROM customers'],
    ['the rows of another table', 'SELECT count(*) FROM secrets'],
    ['a view on the column', 'SELECT address FROM customer_emails'],
    [
      'a common table named as a table',
      'WITH customers AS (SELECT email FROM main.customers) SELECT * FROM customers',
    ],
    ['the schema', 'SELECT sql FROM sqlite_schema'],
    ['another function', 'SELECT upper(name) FROM customers'],
    ['a function in FROM', "SELECT name, value FROM customers, json_each('[1]')"],
    ['a pragma', 'PRAGMA table_info(customers)'],
    ['another file', "ATTACH ':memory:' AS other"],
    ['a write', 'DELETE FROM customers'],
    ['a temporary table', 'CREATE TEMP TABLE t (a)'],
  ] as const)('denies %s', ([, sql]) => {
    const [verdict] = verdictsOn('SELECT id, name FROM customers')

    expect(verdict === undefined ? undefined : permits(verdict, sql)).toBe(false)
  })

  it('permits the columns of a row filter, and says apart what the author reads', () => {
    const verdict = guards[3]?.check('SELECT total FROM orders')

    expect(verdict).toMatchObject({
      reads: [{ table: 'orders', columns: [{ column: 'total' }] }],
      allReads: [{ table: 'orders', columns: [{ column: 'total' }, { column: 'customer_id' }] }],
    })
  })
})

describe('the authorizer of a search', () => {
  it.for([
    `SELECT title FROM manuals WHERE manuals MATCH 'first'`,
    `SELECT highlight(manuals, 1, '', ''), bm25(manuals) FROM manuals WHERE body MATCH 'first' ORDER BY rank`,
    `SELECT snippet(letters) FROM letters WHERE letters MATCH 'first'`,
  ])('lets a full-text table read what it keeps: %s', async (sql) => {
    const guard = await createSqlGuard({
      dialect: sqlite(),
      catalog: { ...catalog, tables: searchedTables },
    })
    const verdict = guard.check(sql)
    if (verdict.kind === 'refused') throw new Error(verdict.findings[0]?.message)
    const connection = new DatabaseSync(':memory:')
    connection.exec(searchedSchema)
    connection.setAuthorizer(sqliteAuthorizer(verdict))

    expect(connection.prepare(verdict.sql).all()).toHaveLength(1)
    expect(() => connection.prepare('SELECT * FROM sqlite_schema')).toThrow('prohibited')
    connection.close()
  })
})
