import {
  type Catalog,
  type CatalogTable,
  combinePolicies,
  definePolicy,
  type DialectName,
  type Policy,
} from '@t2t/sql-guard'
import {
  hiddenParts,
  otherParts,
  partsSchema,
  partsTables,
} from '../attacks/postgres/inheritance.ts'
import { clickhouseCatalog } from '../attacks/clickhouse/world.ts'
import { listPolicy, maskPolicy, rowPolicy, worldCatalog, worldPolicy } from '../attacks/world.ts'

/** What a policy hides, and so what may differ between two worlds without anyone noticing. */
export type Hidden = 'columns' | 'rows' | 'both' | 'groups'

const views: readonly {
  readonly name: string
  readonly columns: readonly string[]
  readonly definition: string
}[] = [
  {
    name: 'customer_names',
    columns: ['id', 'label'],
    definition: 'SELECT id, name AS label FROM customers',
  },
  {
    name: 'ada_customers',
    columns: ['id', 'name'],
    definition: `SELECT id, name FROM customers WHERE email LIKE 'ada%'`,
  },
  {
    name: 'first_customer',
    columns: ['id', 'name'],
    definition: 'SELECT id, name FROM customers ORDER BY email, id LIMIT 1',
  },
  {
    name: 'address_groups',
    columns: ['n', 'id'],
    definition: 'SELECT count(*) AS n, min(id) AS id FROM customers GROUP BY email',
  },
  {
    name: 'country_totals',
    columns: ['country', 'total'],
    definition:
      'SELECT c.country, sum(o.total) AS total FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.country',
  },
  {
    name: 'ada_orders',
    columns: ['id', 'total'],
    definition: 'SELECT o.id, o.total FROM orders o JOIN ada_customers a ON a.id = o.customer_id',
  },
  {
    name: 'secret_orders',
    columns: ['id', 'total'],
    definition: 'SELECT o.id, o.total FROM orders o WHERE o.id IN (SELECT s.id FROM secrets s)',
  },
]

/** The names of all views; without a catalog, a view looks like a table. */
export const viewNames: readonly string[] = [
  'customer_emails',
  'secret_values',
  ...views.map(({ name }) => name),
]

/** Names of tables that are parts of others, or have parts; only a catalog tells which. */
export const partNames: readonly string[] = partsTables.map(({ name }) => name)

/** Creates the views that the fuzzing has besides those of the attacks. */
export const moreViews: readonly string[] = views.map(
  ({ name, definition }) => `CREATE VIEW ${name} AS ${definition}`,
)

/** Creates what the fuzzing has besides the tables of the attacks. */
export const moreSchema: string = [
  `INSERT INTO customers (id, name, email, country) VALUES (4, 'Di', 'di@canary', 'SE'), (5, 'Ed', NULL, 'FR')`,
  `INSERT INTO orders VALUES (4, 4, 10), (5, 5, 3), (6, 1, 12)`,
  ...moreViews,
].join(';\n')

/** Creates what only PostgreSQL has. */
export const postgresSchema: string = partsSchema

/** Changes what is hidden in tables that only PostgreSQL has. */
export const postgresChanges: Readonly<Record<Hidden, string>> = {
  columns: otherParts,
  rows: '',
  both: otherParts,
  groups: '',
}

/** The totals of all orders at other orders: what they tell together stays the same. */
const moved =
  'CASE id WHEN 1 THEN 12 WHEN 2 THEN 10 WHEN 3 THEN 20.5 WHEN 4 THEN 3 WHEN 5 THEN 7 ELSE 10 END'

/** The statements that change what is hidden, and nothing else. */
export const changes: Readonly<Record<Hidden, readonly string[]>> = {
  columns: changeColumns(),
  rows: changeRows(),
  both: [...changeColumns(), ...changeRows()],
  groups: [`UPDATE orders SET total = ${moved}`],
}

function changeColumns(): readonly string[] {
  return [
    `UPDATE customers SET email = CASE id WHEN 1 THEN 'cy@canary' WHEN 2 THEN 'ada@canary' WHEN 3 THEN 'ada@canary' WHEN 4 THEN NULL ELSE 'zed@canary' END`,
    `UPDATE secrets SET value = 'zebra', id = 3`,
    `INSERT INTO secrets VALUES (2, 'yak')`,
  ]
}

function changeRows(): readonly string[] {
  return [
    'UPDATE orders SET total = 99, id = 1000 + id WHERE customer_id = 2',
    'DELETE FROM orders WHERE customer_id = 4',
    'INSERT INTO orders VALUES (1004, 3, 50), (1005, 2, 60)',
  ]
}

/** The catalog of the world, as introspection would give it. */
export function fuzzCatalog(dialect: DialectName, schema: string): Catalog {
  const base = dialect === 'clickhouse' ? clickhouseCatalog : worldCatalog(dialect, schema)
  const more = views.map(({ name, columns, definition }): CatalogTable => ({
    schema,
    name,
    kind: 'view',
    columns: columns.map((column) => ({ name: column, type: 'text', isNullable: true })),
    primaryKey: [],
    foreignKeys: [],
    definition,
  }))
  const parts = dialect === 'postgres' ? partsTables : []
  return { ...base, version: 'fuzzed', tables: [...base.tables, ...more, ...parts] }
}

/** A policy to attack, and what it hides. */
export interface Target {
  readonly policy: Policy
  readonly hidden: Hidden
  readonly hasCatalog: boolean
  readonly isPortable?: true
}

/** The policies of a run against a dialect. */
export function targetsFor(dialect: DialectName): readonly Target[] {
  if (dialect === 'clickhouse') return targets.filter(({ isPortable }) => isPortable !== true)
  if (dialect !== 'postgres') return targets
  return targets.map((target) => ({
    ...target,
    policy:
      target.hidden === 'rows' || target.hidden === 'groups'
        ? target.policy
        : combinePolicies(target.policy, partsPolicy),
  }))
}

const partsPolicy = definePolicy({
  name: 'of parts',
  tables: { block: [...hiddenParts.tables] },
  columns: { block: [...hiddenParts.columns] },
})

const targets: readonly Target[] = [
  { policy: worldPolicy, hidden: 'columns', hasCatalog: true },
  { policy: listPolicy, hidden: 'columns', hasCatalog: true },
  { policy: maskPolicy, hidden: 'columns', hasCatalog: true },
  {
    policy: definePolicy({
      name: 'attacked behind another mask',
      tables: { block: ['secrets'] },
      columns: { mask: { 'customers.email': 'null' } },
    }),
    hidden: 'columns',
    hasCatalog: true,
  },
  { policy: rowPolicy, hidden: 'rows', hasCatalog: true },
  { policy: combinePolicies(worldPolicy, rowPolicy), hidden: 'both', hasCatalog: true },
  {
    // The whole table is the smallest group that may be shown.
    policy: definePolicy({
      name: 'attacked in groups',
      columns: { minGroupSize: { 'orders.total': 6 } },
    }),
    hidden: 'groups',
    hasCatalog: true,
  },
  { policy: worldPolicy, hidden: 'columns', hasCatalog: false },
  {
    policy: combinePolicies(worldPolicy, rowPolicy),
    hidden: 'both',
    hasCatalog: true,
    isPortable: true,
  },
]
