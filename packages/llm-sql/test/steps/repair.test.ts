import { repair, type Failure, type Repaired, type RepairOptions } from '@t2t/llm-sql'
import { createSqlGuard, definePolicy, type Catalog, type SqlGuard } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogOf, openShop } from '../support/shop.ts'

const shop = openShop()
const catalog = catalogOf(shop)

/** What SQLite has against a text. */
function failureOf(sql: string): Failure | undefined {
  try {
    shop.prepare(sql).all()
    return undefined
  } catch (error) {
    return { message: String(error) }
  }
}

function mended(sql: string, options: Partial<RepairOptions> = {}): Repaired | undefined {
  return repair(sql, failureOf(sql) ?? {}, {
    catalog,
    check: failureOf,
    certainty: 'guess',
    ...options,
  })
}

describe('repair, on SQLite', () => {
  it.for([
    [
      'a misspelt column',
      'SELECT nmae FROM customers',
      'SELECT customers.name FROM customers',
      'column-unknown',
      'sure',
    ],
    [
      'a misspelt table',
      'SELECT c.name FROM customer c',
      'SELECT c.name FROM customers c',
      'table-unknown',
      'sure',
    ],
    [
      'a table known by its columns alone',
      'SELECT reason FROM complaints WHERE returned_at > 1',
      'SELECT reason FROM returns WHERE returned_at > 1',
      'table-unknown',
      'likely',
    ],
    [
      'a column of another table of the statement',
      'SELECT o.city FROM orders o JOIN stores s ON o.store_id = s.id',
      'SELECT s.city FROM orders o JOIN stores s ON o.store_id = s.id',
      'column-unknown',
      'likely',
    ],
    [
      'a column of a table that a key leads to',
      "SELECT id FROM order_lines WHERE status = 'paid'",
      "SELECT order_lines.id FROM order_lines JOIN orders ON order_lines.order_id = orders.id WHERE orders.status = 'paid'",
      'column-unknown',
      'likely',
    ],
    [
      'the key of a table under the name of what refers to it',
      'SELECT name FROM customers WHERE customer_id = 2',
      'SELECT name FROM customers WHERE customers.id = 2',
      'column-unknown',
      'likely',
    ],
    [
      'the title of rows under another name',
      'SELECT p.title FROM products p',
      'SELECT p.name FROM products p',
      'column-unknown',
      'likely',
    ],
    [
      'an ambiguous key',
      'SELECT order_id FROM order_lines l JOIN (SELECT order_id FROM order_lines) x ON l.order_id = x.order_id',
      'SELECT l.order_id FROM order_lines l JOIN (SELECT order_id FROM order_lines) x ON l.order_id = x.order_id',
      'column-ambiguous',
      'sure',
    ],
    [
      'a join over a column that does not exist',
      'SELECT c.name FROM customers c JOIN orders o ON c.order_number = o.client',
      'SELECT c.name FROM customers c JOIN orders o ON o.customer_id = c.id',
      'join-invalid',
      'likely',
    ],
    [
      'a join over a table that is left out',
      'SELECT s.name FROM stores s JOIN order_lines l ON s.id = l.store_id',
      'SELECT s.name FROM stores s JOIN orders ON orders.store_id = s.id JOIN order_lines AS l ON l.order_id = orders.id',
      'join-invalid',
      'likely',
    ],
    [
      'a table under its name instead of its alias',
      'SELECT customers.name FROM customers AS c',
      'SELECT c.name FROM customers AS c',
      'table-missing',
      'sure',
    ],
    [
      'the greatest of the counts',
      'SELECT id FROM orders WHERE 3 > (SELECT MAX(COUNT(*)) FROM orders GROUP BY store_id)',
      'SELECT id FROM orders WHERE 3 > (SELECT COUNT(*) FROM orders GROUP BY store_id ORDER BY COUNT(*) DESC LIMIT 1)',
      'aggregate-misplaced',
      'sure',
    ],
    [
      'an aggregate in WHERE',
      'SELECT city FROM customers WHERE COUNT(*) > 1 AND id > 0',
      'SELECT city FROM customers WHERE id > 0 GROUP BY city HAVING COUNT(*) > 1',
      'aggregate-misplaced',
      'likely',
    ],
    [
      'a misspelt keyword',
      'SELECT * FORM stores',
      'SELECT * FROM stores',
      'keyword-misspelt',
      'sure',
    ],
    [
      'an open quote',
      "SELECT name FROM stores WHERE city = 'Lisbon",
      "SELECT name FROM stores WHERE city = 'Lisbon'",
      'quote-open',
      'likely',
    ],
    [
      'an open bracket',
      'SELECT name FROM stores WHERE id IN (SELECT store_id FROM orders',
      'SELECT name FROM stores WHERE id IN (SELECT store_id FROM orders)',
      'bracket-open',
      'likely',
    ],
    [
      'a text that is cut off',
      'SELECT name FROM stores WHERE id > 1 AND city =',
      'SELECT name FROM stores WHERE id > 1 ',
      'text-cut-off',
      'guess',
    ],
    [
      'text around the statement',
      'Here it is: ```sql\nSELECT name FROM stores\n```',
      'SELECT name FROM stores',
      'text-around',
      'sure',
    ],
    [
      'an operator with a blank in it',
      'SELECT name FROM stores WHERE id > = 2',
      'SELECT name FROM stores WHERE id >= 2',
      'text-around',
      'sure',
    ],
    [
      'the year of a date',
      'SELECT YEAR(ordered_at) FROM orders',
      "SELECT CAST(strftime('%Y', ordered_at) AS INTEGER) FROM orders",
      'function-unknown',
      'likely',
    ],
    [
      'TOP',
      'SELECT TOP 2 name FROM stores',
      'SELECT  name FROM stores LIMIT 2',
      'function-unknown',
      'likely',
    ],
    [
      'a cast with colons',
      'SELECT id::text FROM stores',
      'SELECT CAST(id AS text) FROM stores',
      'function-unknown',
      'likely',
    ],
    [
      'ILIKE',
      "SELECT name FROM stores WHERE name ILIKE 'h%'",
      "SELECT name FROM stores WHERE name LIKE 'h%'",
      'function-unknown',
      'likely',
    ],
    [
      'a constant without quotes',
      'SELECT name FROM stores WHERE city = Faro',
      "SELECT name FROM stores WHERE city = 'Faro'",
      'column-unknown',
      'guess',
    ],
  ] as const)('mends %s', ([, sql, expected, kind, certainty]) => {
    const repaired = mended(sql)

    expect(repaired?.sql).toBe(expected)
    expect(repaired?.repairs.map((one) => one.kind)).toContain(kind)
    expect(repaired?.certainty).toBe(certainty)
    expect(failureOf(expected)).toBeUndefined()
  })

  it('mends one thing after the other, and reports each', () => {
    const repaired = mended("SELECT nmae FORM customer WHERE city = 'Porto")

    expect(repaired?.sql).toBe("SELECT customers.name FROM customers WHERE city = 'Porto'")
    expect(repaired?.repairs.map(({ kind }) => kind)).toEqual([
      'quote-open',
      'keyword-misspelt',
      'table-unknown',
      'column-unknown',
    ])
    expect(repaired?.certainty).toBe('likely')
  })

  it('mends text after the statement, which some drivers ignore', () => {
    const said = { message: 'near ".030": syntax error' }

    const repaired = repair('SELECT name FROM stores;.030 sec', said, { catalog, check: failureOf })

    expect(repaired?.sql).toBe('SELECT name FROM stores')
  })

  it('makes no repair that is less certain than asked', () => {
    const sql = 'SELECT name FROM stores WHERE city = Faro'

    expect(mended(sql, { certainty: 'likely' })).toBeUndefined()
    expect(mended(sql, { certainty: 'sure' })).toBeUndefined()
  })

  it('makes no more repairs than asked', () => {
    expect(mended('SELECT nmae FROM customer', { maxSteps: 1 })).toBeUndefined()
    expect(mended('SELECT nmae FROM customer', { maxSteps: 2 })).toBeDefined()
  })

  it('leaves alone what it has no reading for', () => {
    expect(mended('SELECT zzz, qqq FROM customers')).toBeUndefined()
    expect(mended('SELECT * FROM zzz')).toBeUndefined()
    expect(mended('select')).toBeUndefined()
  })

  it('throws no second statement away', () => {
    expect(mended('SELECT nmae FROM customers; DROP TABLE customers')?.sql ?? '').not.toMatch(
      /^[^;]*$/,
    )
  })

  it('joins two tables when columns of both are missing', () => {
    const repaired = mended(
      "SELECT id, reason FROM order_lines WHERE category = 'toys' AND reason = 'damaged'",
    )

    expect(repaired?.sql).toContain('JOIN products ON')
    expect(repaired?.sql).toContain('JOIN returns ON')
    expect(failureOf(repaired?.sql ?? '')).toBeUndefined()
  })

  it('gives up at once on a text of very many unknown names', () => {
    const names = Array.from({ length: 900 }, (_, at) => `q${at}`).join(', ')
    let checks = 0

    const repaired = repair(
      `SELECT ${names} FROM customers`,
      { message: 'no such column: q0' },
      {
        catalog,
        check: () => {
          checks += 1
          return { message: 'no such column: q0' }
        },
      },
    )

    expect(repaired).toBeUndefined()
    expect(checks).toBe(0)
  })

  it('tells no constant in what it reports', () => {
    const repaired = mended("SELECT nmae FROM stores WHERE city = 'Secret Town")

    expect(JSON.stringify(repaired?.repairs)).not.toMatch(/secret/i)
  })

  it('gives a text that runs or none, ends, and adds no table that the catalog lacks', () => {
    const pieces = [
      'SELECT',
      'name',
      'nmae',
      'FROM',
      'FORM',
      'customers',
      'orders',
      'o',
      'JOIN',
      'ON',
      '=',
      '(',
      ')',
      ',',
      "'Lisbon'",
      "'",
      '"',
      'WHERE',
      'COUNT(*)',
      'MAX(COUNT(*))',
      'GROUP BY',
      'ORDER BY',
      'city',
      'o.city',
      'x.y',
      '1',
      'AND',
      'IN',
      'AS',
      ';',
      'UNION',
      'LIMIT',
      'HAVING',
      '::',
      '.',
    ]
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((all) => all.join(' '))
    const message = fc.constantFrom(
      'no such column: x',
      'no such table: x',
      'ambiguous column name: name',
      'misuse of aggregate: COUNT()',
      'near "x": syntax error',
      'no such function: x',
      'must appear in the GROUP BY clause',
      'operator does not exist',
    )

    fc.assert(
      fc.property(text, message, (sql, said) => {
        const repaired = repair(
          sql,
          { message: said },
          { catalog, check: failureOf, certainty: 'guess', question: 'customers in Lisbon' },
        )

        expect(repaired === undefined || failureOf(repaired.sql) === undefined).toBe(true)
        expect((repaired?.repairs.length ?? 0) <= 8 * 24).toBe(true)
      }),
      { numRuns: 1_500 },
    )
  })
})

describe('repair, with the guard of PostgreSQL', async () => {
  const pgCatalog: Catalog = catalogOf(shop, 'postgres')
  const policy = definePolicy({ columns: { block: ['customers.email'] } })
  const guard: SqlGuard = await createSqlGuard({ dialect: postgres(), policy, catalog: pgCatalog })
  const refusal = (sql: string): Failure | undefined => {
    const verdict = guard.check(sql)
    return verdict.kind === 'refused' ? verdict : undefined
  }
  const onPostgres = (sql: string, failure = refusal(sql)): Repaired | undefined =>
    repair(sql, failure ?? {}, { catalog: pgCatalog, check: refusal, certainty: 'guess' })

  it.for([
    ['backticks', 'SELECT `name` FROM `stores`', 'SELECT "name" FROM "stores"'],
    [
      'MySQL limits',
      'SELECT name FROM stores LIMIT 2, 5',
      'SELECT name FROM stores LIMIT 5 OFFSET 2',
    ],
    [
      'constants in double quotes',
      'SELECT name FROM stores WHERE city = "Lisbon"',
      "SELECT name FROM stores WHERE city = 'Lisbon'",
    ],
    ['misspelt names', 'SELECT c.nam FROM custmers c', 'SELECT c.name FROM customers c'],
  ] as const)('mends %s', ([, sql, expected]) => {
    expect(onPostgres(sql)?.sql).toBe(expected)
  })

  it.for([
    [
      'a missing group',
      'SELECT city, COUNT(*) FROM stores',
      'column "stores.city" must appear in the GROUP BY clause',
      'SELECT city, COUNT(*) FROM stores GROUP BY city',
    ],
    [
      'a number compared with text',
      'SELECT id FROM stores WHERE city = 5',
      'operator does not exist: text = integer',
      "SELECT id FROM stores WHERE city = '5'",
    ],
    [
      'a name of the SELECT in WHERE',
      'SELECT unit_price * 2 AS doubled FROM products WHERE doubled > 5',
      'column "doubled" does not exist',
      'SELECT unit_price * 2 AS doubled FROM products WHERE (unit_price * 2) > 5',
    ],
    [
      'a function of SQLite',
      "SELECT strftime('%Y', ordered_at) FROM orders",
      'function strftime(unknown, timestamp) does not exist',
      "SELECT TO_CHAR(CAST(ordered_at AS timestamp), 'YYYY') FROM orders",
    ],
  ] as const)('mends %s', ([, sql, message, expected]) => {
    expect(onPostgres(sql, { message })?.sql).toBe(expected)
  })

  it('does not touch what the policy forbids', () => {
    expect(onPostgres('SELECT email FROM customers')).toBeUndefined()
    expect(onPostgres('DELETE FROM customers')).toBeUndefined()
  })
})
