import {
  createSqlGuard,
  definePolicy,
  type GuardEvent,
  OptionInvalidError,
  type SqlGuard,
  type Verdict,
} from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const policy = definePolicy({
  tables: { block: ['secrets'] },
  columns: { block: ['customers.email'] },
})
const guards: Readonly<Record<'postgres' | 'sqlite', SqlGuard>> = {
  postgres: await createSqlGuard({ dialect: postgres(), policy, catalog: toyCatalog('postgres') }),
  sqlite: await createSqlGuard({ dialect: sqlite(), policy, catalog: toyCatalog('sqlite') }),
}
const both = ['postgres', 'sqlite'] as const

function codes(verdict: Verdict): readonly string[] {
  return verdict.kind === 'allowed' ? [] : verdict.findings.map(({ code }) => code)
}

function reads(verdict: Verdict): readonly string[] {
  if (verdict.kind === 'refused') return verdict.findings.map(({ message }) => message)
  return verdict.reads
    .flatMap(({ table, columns }) =>
      columns.length === 0
        ? [table]
        : columns.map(({ column, uses }) => `${table}.${column}: ${uses.join('+')}`),
    )
    .toSorted()
}

describe.for(both)('the guard for %s', (dialect) => {
  const guard = guards[dialect]

  it('says what a statement reads, and for what', () => {
    const verdict = guard.check(
      'SELECT c.name, sum(o.total) AS spent FROM customers c JOIN orders o ON o.customer_id = c.id ' +
        "WHERE c.country = 'UK' GROUP BY c.name ORDER BY spent DESC",
    )

    expect(reads(verdict)).toEqual([
      'customers.country: filter',
      'customers.id: join',
      'customers.name: output+group',
      'orders.customer_id: join',
      'orders.total: output+sort',
    ])
    expect(verdict).toMatchObject({ output: ['name', 'spent'] })
  })

  it.for([
    ['SELECT id FROM orders', 'SELECT id FROM orders\nLIMIT 1000', 'guard', 1000],
    ['SELECT id FROM orders; -- all', 'SELECT id FROM orders\nLIMIT 1000', 'guard', 1000],
    ['SELECT id FROM orders LIMIT 5', 'SELECT id FROM orders LIMIT 5', 'statement', 5],
    ['SELECT id FROM orders LIMIT 5000', 'SELECT id FROM orders LIMIT 1000', 'guard', 1000],
    ['SELECT id FROM orders LIMIT 2 + 3', 'SELECT id FROM orders LIMIT 2 + 3', 'reader', 1000],
    [
      'SELECT id FROM orders UNION SELECT 1 ORDER BY 1',
      'SELECT id FROM orders UNION SELECT 1 ORDER BY 1\nLIMIT 1000',
      'guard',
      1000,
    ],
  ] as const)('bounds the rows of %s', ([text, sql, rowLimit, maxRows]) => {
    expect(guard.check(text)).toMatchObject({ kind: 'allowed', sql, rowLimit, maxRows })
  })

  it.for([
    ['a write', 'DELETE FROM orders', 'statement-kind-refused'],
    ['a second statement', 'SELECT 1; DELETE FROM orders', 'statement-count'],
    ['no statement', '-- nothing', 'statement-count'],
    ['a plan', 'EXPLAIN SELECT id FROM orders', 'statement-kind-refused'],
    ['what is no SQL', 'SELECT FROM WHERE', 'syntax-invalid'],
    ['a blocked table', 'SELECT value FROM secrets', 'table-refused'],
    [
      'a blocked table in a subquery',
      'SELECT (SELECT value FROM secrets) FROM orders',
      'table-refused',
    ],
    ['an unknown table', 'SELECT 1 FROM order_items', 'table-unknown'],
    ['a blocked column', 'SELECT email FROM customers', 'column-refused'],
    [
      'a blocked column in a filter',
      "SELECT id FROM customers WHERE email LIKE 'a%'",
      'column-refused',
    ],
    ['a blocked column to sort by', 'SELECT id FROM customers ORDER BY email', 'column-refused'],
    [
      'a blocked column in a group',
      'SELECT count(*) FROM customers GROUP BY email',
      'column-refused',
    ],
    ['a star over a blocked column', 'SELECT * FROM customers', 'column-refused'],
    [
      'a blocked column behind a name',
      'SELECT x.m FROM (SELECT email AS m FROM customers) x',
      'column-refused',
    ],
    ['a blocked column behind a view', 'SELECT address FROM customer_emails', 'column-refused'],
    [
      'a blocked column in NATURAL JOIN',
      "SELECT id FROM customers NATURAL JOIN (SELECT 'a' AS email) AS guess",
      'column-refused',
    ],
    [
      'a blocked column in USING',
      "SELECT id FROM customers JOIN (SELECT 'a' AS email) AS guess USING (email)",
      'column-refused',
    ],
    ['an unknown column', 'SELECT totl FROM orders', 'column-unknown'],
    ['a column of two tables', 'SELECT id FROM orders, customers', 'column-ambiguous'],
    ['an unknown function', 'SELECT load_extension(name) FROM customers', 'function-refused'],
  ] as const)('refuses %s', ([, text, code]) => {
    expect(codes(guard.check(text))).toEqual([code])
  })

  it('reads the unblocked side of a view', () => {
    expect(reads(guard.check('SELECT id FROM customer_emails'))).toEqual([
      'customer_emails.id: output',
      'customers.id: output',
    ])
  })

  it('offers permitted names that are close', () => {
    const verdicts = [
      guard.check('SELECT 1 FROM customer'),
      guard.check('SELECT totl FROM orders'),
      guard.check('SELECT emial FROM customers'),
      guard.check('SELECT 1 FROM secret'),
    ]

    const offered = verdicts.map((verdict) =>
      verdict.kind === 'refused' ? verdict.findings[0]?.candidates : 'allowed',
    )
    expect(offered[0]).toContain('customers')
    expect(offered[1]).toContain('total')
    expect(offered[2]).not.toContain('email')
    expect(offered[3]).not.toContain('secrets')
  })

  it('points at the place in the text', () => {
    const text = "SELECT 'größer', totl FROM orders"
    const verdict = guard.check(text)

    const span = verdict.kind === 'refused' ? verdict.findings[0]?.span : undefined
    expect(text.slice(span?.start, span?.end)).toBe('totl')
  })

  it('reports all findings of a statement', () => {
    expect(codes(guard.check('SELECT a, b, email FROM customers, secrets'))).toEqual([
      'table-refused',
      'column-unknown',
      'column-unknown',
      'column-refused',
    ])
  })

  it('refuses to nest without end', () => {
    const text = 'SELECT 1 FROM ('.repeat(80) + 'SELECT 1' + ') AS t'.repeat(80)

    expect(codes(guard.check(text))).toEqual(['limit-exceeded'])
  })
})

describe('the guard', () => {
  it('tells its listener about every decision', async () => {
    const events: GuardEvent[] = []
    let time = 0
    const guard = await createSqlGuard({
      dialect: sqlite(),
      onEvent: (event) => events.push(event),
      now: () => (time += 2),
    })

    guard.check('SELECT 1 FROM a, b')
    guard.check('DELETE FROM a')

    const about = { dialect: 'sqlite', policy: 'default', durationMs: 2 }
    expect(events).toEqual([
      { type: 'query-allowed', ...about, tables: 2 },
      { type: 'query-refused', ...about, codes: ['statement-kind-refused'] },
    ])
  })

  it('decides the same when its listener throws', async () => {
    const guard = await createSqlGuard({
      dialect: sqlite(),
      onEvent: () => {
        throw new Error('The listener is broken.')
      },
    })

    expect(guard.check('SELECT 1').kind).toBe('allowed')
  })

  it('refuses a catalog of another dialect', async () => {
    const creation = createSqlGuard({ dialect: sqlite(), catalog: toyCatalog('postgres') })

    await expect(creation).rejects.toBeInstanceOf(OptionInvalidError)
  })

  it('refuses what cannot be traced without a catalog', async () => {
    const guard = await createSqlGuard({ dialect: postgres(), policy })

    expect(codes(guard.check('SELECT * FROM customers'))).toEqual(['column-untraceable'])
    expect(codes(guard.check('SELECT c FROM customers c'))).toEqual(['column-untraceable'])
    expect(codes(guard.check('SELECT c.row_to_json FROM customers c'))).toEqual([
      'column-untraceable',
    ])
    expect(codes(guard.check('SELECT name FROM customers'))).toEqual([])
    expect(codes(guard.check('SELECT email FROM customers'))).toEqual(['column-refused'])
  })

  it('keeps the system schemas closed', async () => {
    const guard = await createSqlGuard({ dialect: postgres() })
    const inside = await createSqlGuard({ dialect: sqlite() })

    for (const name of ['pg_authid', 'pg_catalog.pg_class', 'information_schema.tables']) {
      expect(codes(guard.check(`SELECT 1 FROM ${name}`))).toEqual(['table-refused'])
    }
    for (const name of ['sqlite_master', 'pragma_table_list', 'main.sqlite_schema', 'dbstat']) {
      expect(codes(inside.check(`SELECT 1 FROM ${name}`))).toEqual(['table-refused'])
    }
  })

  it.for(both)('says only so much about a text that is all wrong, in %s', (dialect) => {
    const columns = Array.from({ length: 4_000 }, (_, index) => `column_${index}`)
    const verdict = guards[dialect].check(`SELECT ${columns.join(', ')} FROM orders`)

    expect(codes(verdict)).toEqual(Array.from({ length: 16 }, () => 'column-unknown'))
  })
})
