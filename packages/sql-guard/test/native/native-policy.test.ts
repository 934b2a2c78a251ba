import { combinePolicies, definePolicy, OptionInvalidError, type DialectName } from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { mysql } from '@t2t/sql-guard/mysql'
import { nativePolicy, type NativePolicy } from '@t2t/sql-guard/native'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const dialects = {
  postgres: postgres(),
  mysql: mysql(),
  sqlite: sqlite(),
  clickhouse: clickhouse({ database: 'shop' }),
} as const

const hiding = definePolicy({
  tables: { block: ['secrets'] },
  columns: { block: ['customers.email'] },
})
const filtering = definePolicy({ rows: { filter: { orders: 'customer_id = :customer' } } })

async function written(
  dialect: DialectName,
  policy = combinePolicies(hiding, filtering),
  role = 'reader',
): Promise<NativePolicy> {
  return nativePolicy({
    dialect: dialects[dialect],
    policy,
    catalog: toyCatalog(dialect),
    attributes: { customer: "7' OR 1" },
    role,
    database: 'shop',
    maxQueriesPerHour: 100,
  })
}

describe('a policy in the words of an engine', () => {
  it('is a role with column grants and row security in PostgreSQL', async () => {
    const { statements } = await written('postgres', undefined, 'the "reader"')

    expect(statements.slice(-6)).toEqual([
      'GRANT USAGE ON SCHEMA "public" TO "the ""reader"""',
      `DO $t2t$ BEGIN IF NOT (SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = '"public"."orders"'::pg_catalog.regclass) THEN ALTER TABLE "public"."orders" ENABLE ROW LEVEL SECURITY; CREATE POLICY t2t_all_rows ON "public"."orders" USING (true) WITH CHECK (true); END IF; END $t2t$`,
      `CREATE POLICY "the ""reader""_rows" ON "public"."orders" AS RESTRICTIVE FOR SELECT TO "the ""reader""" USING ((customer_id = '7'' OR 1'))`,
      'GRANT SELECT ("id", "name", "country") ON "public"."customers" TO "the ""reader"""',
      'GRANT SELECT ("id", "customer_id", "placed_on", "total") ON "public"."orders" TO "the ""reader"""',
      'GRANT SELECT ("id") ON "public"."customer_emails" TO "the ""reader"""',
    ])
  })

  it('is an account with column grants in MySQL, where no row is filtered', async () => {
    const { statements, gaps } = await written('mysql', hiding)

    expect(statements).toEqual([
      "CREATE USER 'reader'@'%' WITH MAX_QUERIES_PER_HOUR 100",
      "GRANT SELECT (`id`, `name`, `country`) ON `shop`.`customers` TO 'reader'@'%'",
      "GRANT SELECT (`id`, `customer_id`, `placed_on`, `total`) ON `shop`.`orders` TO 'reader'@'%'",
      "GRANT SELECT (`id`) ON `shop`.`customer_emails` TO 'reader'@'%'",
    ])
    expect(gaps.map(({ part }) => part)).toEqual(['columns.block', 'functions', 'limits'])
  })

  it('is an account with views in MySQL, where rows are filtered', async () => {
    const { statements } = await written('mysql')

    expect(statements.slice(1)).toEqual([
      'CREATE DATABASE `shop_reader`',
      'CREATE SQL SECURITY DEFINER VIEW `shop_reader`.`customers` AS SELECT `id`, `name`, `country` FROM `shop`.`customers`',
      "CREATE SQL SECURITY DEFINER VIEW `shop_reader`.`orders` AS SELECT `id`, `customer_id`, `placed_on`, `total` FROM (SELECT `id`, `customer_id`, `placed_on`, `total` FROM `shop`.`orders` WHERE (customer_id = '7'' OR 1')) AS `orders`",
      'CREATE SQL SECURITY DEFINER VIEW `shop_reader`.`customer_emails` AS SELECT `id` FROM `shop`.`customer_emails`',
      "GRANT SELECT ON `shop_reader`.* TO 'reader'@'%'",
    ])
  })

  it('is a role with row policies, a profile and a quota in ClickHouse', async () => {
    const { statements, gaps } = await written('clickhouse')

    expect(gaps.map(({ part }) => part)).toEqual(['rows.filter', 'functions', 'limits'])

    expect(statements).toEqual([
      'CREATE ROLE `reader`',
      'GRANT SELECT(`id`, `name`, `country`) ON `shop`.`customers` TO `reader`',
      "CREATE ROW POLICY `reader_rows` ON `shop`.`orders` FOR SELECT USING (customer_id = '7'' OR 1') AS RESTRICTIVE TO `reader`",
      'GRANT SELECT(`id`, `customer_id`, `placed_on`, `total`) ON `shop`.`orders` TO `reader`',
      'GRANT SELECT(`id`) ON `shop`.`customer_emails` TO `reader`',
      "CREATE SETTINGS PROFILE `reader` SETTINGS readonly = 1, max_result_rows = 1000, result_overflow_mode = 'break' TO `reader`",
      'CREATE QUOTA `reader` KEYED BY user_name FOR INTERVAL 1 hour MAX queries = 100 TO `reader`',
    ])
  })

  it('says what the engine does not hold', async () => {
    const policy = definePolicy({
      columns: { mask: { 'customers.email': 'redacted' }, minGroupSize: { 'orders.total': 5 } },
      rows: { filter: { orders: 'customer_id IN (SELECT id FROM customers)' } },
    })

    const { statements, gaps } = await written('postgres', policy)

    expect(statements.join()).not.toMatch(/"(email|total)"/)
    expect(gaps.map(({ part }) => part)).toEqual([
      'columns.mask',
      'columns.minGroupSize',
      'rows.filter.public.orders',
      'functions',
      'limits',
      'tables',
      'maxQueriesPerHour',
    ])
  })

  it('quotes the name of an account so that no setting of the server reads another', async () => {
    const { statements } = await written('mysql', hiding, "o'brien")

    expect(statements[0]).toBe("CREATE USER 'o''brien'@'%' WITH MAX_QUERIES_PER_HOUR 100")
    await expect(written('mysql', hiding, "o\\'brien")).rejects.toThrow(OptionInvalidError)
  })

  it('does not exist for SQLite, which has no roles', async () => {
    await expect(written('sqlite')).rejects.toThrow(OptionInvalidError)
  })

  it.for([{ role: '' }, { database: '' }, { maxQueriesPerHour: 0.5 }])(
    'needs options that can work: %o',
    async (wrong) => {
      const options = {
        dialect: postgres(),
        catalog: toyCatalog('postgres'),
        role: 'a',
        database: 'b',
      }

      await expect(nativePolicy({ ...options, ...wrong })).rejects.toThrow(OptionInvalidError)
    },
  )
})
