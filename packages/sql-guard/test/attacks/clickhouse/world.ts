import { type Catalog } from '@t2t/sql-guard'
import { worldCatalog } from '../world.ts'

const rows = {
  customers: `INSERT INTO customers (id, name, email, country, tags, place) VALUES
    (1, 'Ada', 'ada@canary', 'UK', ['a', 'b'], ('York', '1')), (2, 'Bo', 'bo@canary', 'SE', [], ('Lund', '2')),
    (3, 'Cy', 'cy@canary', 'UK', ['c'], ('Bath', '3'))`,
  orders: 'INSERT INTO orders VALUES (1, 1, 10), (2, 1, 20.5), (3, 2, 7)',
  secrets: `INSERT INTO secrets VALUES (1, 'canary')`,
  plain: `INSERT INTO plain VALUES (1, 'p1', 'v1'), (2, 'p2', 'v2'), (3, 'p3', 'v3')`,
} as const

/** The tables that the attacks aim at, in a database of their own. */
export const clickhouseWorld: readonly string[] = [
  'CREATE DATABASE attacked',
  'USE attacked',
  `CREATE TABLE customers (id Int32, name String, email String, country String,
    email_upper String DEFAULT upper(email), tags Array(String), place Tuple(city String, zip String))
    ENGINE = MergeTree ORDER BY id`,
  'CREATE TABLE orders (id Int32, customer_id Int32, total Float64) ENGINE = MergeTree ORDER BY id',
  'CREATE TABLE secrets (id Int32, value String) ENGINE = MergeTree ORDER BY id',
  'CREATE TABLE plain (id Int32, email String, value String) ENGINE = MergeTree ORDER BY id',
  'CREATE VIEW customer_emails AS SELECT id, email AS address FROM customers',
  'CREATE VIEW secret_values AS SELECT id, value AS content FROM secrets',
  rows.orders,
  rows.plain,
]

/** What the policy shows and what it hides. */
export const oneWorld: readonly string[] = [rows.customers, rows.secrets]

/** Changes what the policy hides, and nothing else; an answer that changes with it is a leak. */
export const otherWorld: readonly string[] = [
  'TRUNCATE TABLE customers',
  'TRUNCATE TABLE secrets',
  `INSERT INTO customers (id, name, email, country, tags, place) VALUES
    (1, 'Ada', 'bo@canary', 'UK', ['a', 'b'], ('York', '1')), (2, 'Bo', 'cy@canary', 'SE', [], ('Lund', '2')),
    (3, 'Cy', 'ada@canary', 'UK', ['c'], ('Bath', '3'))`,
  `INSERT INTO secrets VALUES (1, 'zebra'), (2, 'yak')`,
]

export const clickhouseCatalog: Catalog = withMore(worldCatalog('clickhouse', 'attacked'))

function withMore(catalog: Catalog): Catalog {
  const [customers, ...others] = catalog.tables
  if (customers === undefined) throw new Error('The world has customers.')
  const column = (name: string, type: string) => ({ name, type, isNullable: false })
  return {
    ...catalog,
    tables: [
      {
        ...customers,
        columns: [
          ...customers.columns,
          column('tags', 'Array(String)'),
          column('place', 'Tuple(city String, zip String)'),
        ],
      },
      ...others,
      {
        ...customers,
        name: 'plain',
        columns: [column('id', 'Int32'), column('email', 'String'), column('value', 'String')],
      },
    ],
  }
}

/** Changes the values of one column, with what it is computed from it, and undoes that. */
interface ColumnChange {
  /** `table.column`. */
  readonly column: string
  readonly change: readonly string[]
  readonly undo: readonly string[]
}

export const changeOfEmail = changeOf(
  'customers',
  'email',
  `['bo@canary', 'cy@canary', 'ada@canary'][id]`,
)

/** Every column that no key is made of, each with values that answers would show. */
export const changesOfOneColumn: readonly ColumnChange[] = [
  changeOf('customers', 'name', `['Ada2', 'Bo2', 'Cy2'][id]`),
  changeOfEmail,
  changeOf('customers', 'country', `['SE', 'UK', 'DK'][id]`),
  changeOf('customers', 'tags', `[['z'], ['y', 'x'], []][id]`),
  changeOf('orders', 'customer_id', `[3, 2, 1][id]`),
  changeOf('orders', 'total', `[99.5, 1, 55][id]`),
  changeOf('secrets', 'value', `'zebra'`),
  changeOf('plain', 'email', `concat('other', email)`),
  changeOf('plain', 'value', `concat('other', value)`),
]

function changeOf(table: keyof typeof rows, column: string, value: string): ColumnChange {
  return {
    column: `${table}.${column}`,
    change: [
      `ALTER TABLE ${table} UPDATE ${column} = ${value} WHERE 1 SETTINGS mutations_sync = 2`,
    ],
    undo: [`TRUNCATE TABLE ${table}`, rows[table]],
  }
}

/** Changes orders of all customers but the first one, and undoes that. */
export const changeOfHiddenRows: Pick<ColumnChange, 'change' | 'undo'> = {
  change: [
    'ALTER TABLE orders UPDATE total = 99 WHERE customer_id = 2 SETTINGS mutations_sync = 2',
    'INSERT INTO orders VALUES (1004, 3, 50), (1005, 2, 60)',
  ],
  undo: ['TRUNCATE TABLE orders', rows.orders],
}
