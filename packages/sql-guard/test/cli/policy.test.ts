import { createSqlGuard } from '@t2t/sql-guard'
import { parsePolicy } from '@t2t/sql-guard/policy-file'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'
import { file, run } from './run.ts'

const catalog = file('catalog.json', toyCatalog('sqlite'))
const postgresCatalog = file('postgres.json', toyCatalog('postgres'))
const policy = file(
  'policy.yaml',
  `name: analysts
tables: { block: [secrets] }
columns:
  block: [customers.country]
  mask: { customers.email: last-4 }
  minGroupSize: { orders.total: 3 }
rows: { filter: { orders: "customer_id = :tenant" } }
`,
)

describe('t2t-guard policy init', () => {
  it('writes a policy to start from, which is one', async () => {
    const { status, stdout } = await run(['policy', 'init', '--catalog', catalog])

    expect(status).toBe(0)
    expect(parsePolicy(stdout).tables.allow).toEqual([
      'customers',
      'orders',
      'secrets',
      'customer_emails',
    ])
    expect((await run(['policy', 'init'])).stdout).toContain('allow: all')
  })

  it('writes the policy that statements of the past need, and what it refuses', async () => {
    const log = file(
      'log.sql',
      `SELECT id FROM orders; SELECT id, total FROM orders;
       SELECT name FROM customers; SELECT price("a\n# b"); DROP TABLE orders`,
    )

    const { stdout } = await run([
      'policy',
      'init',
      '--catalog',
      catalog,
      '--from',
      log,
      '--min-uses',
      '2',
    ])

    const made = parsePolicy(stdout)
    expect(made.tables.allow).toEqual(['main.orders'])
    expect(made.columns.block).toEqual([
      'main.orders.customer_id',
      'main.orders.placed_on',
      'main.orders.total',
    ])
    expect(
      stdout
        .split('\n')
        .filter((line) => line.startsWith('#'))
        .slice(1),
    ).toEqual([
      '# Left out of tables: main.customers; refuses statement 3.',
      '# Left out of columns: main.orders.total; refuses statement 2.',
      '# Refused already: statement 4. The function price is not on the list of permitted ones.',
      '# Refused already: statement 5. DROP TABLE is not allowed; only SELECT is.',
    ])
    const guard = await createSqlGuard({
      dialect: sqlite(),
      policy: made,
      catalog: toyCatalog('sqlite'),
    })
    expect(guard.check('SELECT id FROM orders').kind).toBe('allowed')
  })
})

describe('t2t-guard policy lint', () => {
  it('finds nothing wrong with a policy that does what it says', async () => {
    const { status, stdout } = await run([
      'policy',
      'lint',
      '--policy',
      policy,
      '--catalog',
      catalog,
    ])

    expect({ status, stdout }).toEqual({ status: 0, stdout: `${policy}: nothing found\n` })
  })

  it('finds names of nothing, rules without effect, and filters that are none', async () => {
    const wrong = file(
      'wrong.yaml',
      `tables:
  allow: [orders, custmers]
  block: [Orders, main.nothing]
columns:
  block: [customers.emial]
  mask: { customers.emial: redacted, orders.none: "null" }
  minGroupSize:
    orders.total: { size: 3, of: person }
rows:
  filter: { customers: "countri = :c", stores: "1 = 1" }
functions: { allow: [lower/1, tax], block: [tax] }
`,
    )

    const { status, stdout } = await run([
      'policy',
      'lint',
      '--policy',
      wrong,
      '--catalog',
      catalog,
    ])

    expect(status).toBe(1)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.slice(wrong.length + 1)),
    ).toEqual([
      '2:11: tables.allow.0 is blocked as well; the block wins.',
      '11:31: functions.allow.1 is blocked as well; the block wins.',
      '6:11: columns.mask.customers.emial is blocked as well; it is never shown.',
      '11:22: functions.allow.0 (lower/1) is among the safe functions already.',
      '2:19: tables.allow.1 (custmers) names no table of the catalog.',
      '3:19: tables.block.1 (main.nothing) names no table of the catalog.',
      '10:40: rows.filter.stores (stores) names no table of the catalog.',
      '5:11: columns.block.0 (customers.emial) names no column of the catalog.',
      '6:11: columns.mask.customers.emial (customers.emial) names no column of the catalog.',
      '6:38: columns.mask.orders.none (orders.none) names no column of the catalog.',
      '8:30: columns.minGroupSize.orders.total.of (orders.person) names no column of the catalog.',
      '10:13: rows.filter.customers is no condition: The row filter of customers is not a condition on that table.',
    ])
  })

  it('prints JSON on demand, and needs a policy', async () => {
    const wrong = file('empty.yaml', 'tables: { allow: [] }')

    const { status, stdout } = await run(['policy', 'lint', '--policy', wrong, '--json'])

    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ line: 1, column: 11, path: ['tables', 'allow'] })
    expect((await run(['policy', 'lint'])).status).toBe(2)
  })
})

describe('t2t-guard policy explain', () => {
  it('says table by table what may be read', async () => {
    const { stdout } = await run(['policy', 'explain', '--policy', policy, '--catalog', catalog])

    expect(stdout.split('\n')).toEqual([
      'Under analysts, 1000 rows at the most:',
      '',
      'main.customers',
      '  read: id, name',
      '  masked (last-4): email',
      '  hidden: country',
      '',
      'main.orders',
      '  only rows where customer_id = :tenant',
      '  read: id, customer_id, placed_on',
      '  in groups of 3: total',
      '',
      'main.secrets',
      '  not read: The table main.secrets must not be read.',
      '',
      'main.customer_emails',
      '  read: id',
      '  masked (as what it is computed from): address',
      '',
    ])
  })

  it('prints JSON on demand, and needs a catalog', async () => {
    const args = ['policy', 'explain', '--policy', policy]

    const { stdout } = await run([...args, '--catalog', catalog, '--json'])

    expect(JSON.parse(stdout)).toMatchObject({
      policy: 'analysts',
      tables: [{ table: 'main.customers', columns: { email: 'masked (last-4)' } }, {}, {}, {}],
    })
    expect(await run(args)).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('t2t-guard policy native', () => {
  it('writes statements of the engine, and in comments what it does not hold', async () => {
    const { status, stdout } = await run([
      'policy',
      'native',
      '--policy',
      policy,
      '--catalog',
      postgresCatalog,
      '--attribute',
      'tenant=7',
      '--role',
      'reader',
      '--database',
      'shop',
    ])

    expect(status).toBe(0)
    expect(stdout).toMatch(/^-- columns\.mask: /)
    expect(stdout).toContain('USING ((customer_id = (7)));\n')
    expect(stdout).toContain('GRANT SELECT ("id", "name") ON "public"."customers" TO "reader";\n')
  })

  it.for([
    ['no role', ['--catalog', postgresCatalog]],
    ['no catalog', ['--role', 'a', '--database', 'b', '--dialect', 'postgres']],
    ['an engine without roles', ['--role', 'a', '--database', 'b', '--catalog', catalog]],
  ] as const)('needs more than %s', async ([, args]) => {
    expect(await run(['policy', 'native', ...args])).toMatchObject({ status: 2, stdout: '' })
  })
})
