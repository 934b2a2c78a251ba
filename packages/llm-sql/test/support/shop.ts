import { DatabaseSync } from 'node:sqlite'
import type { Catalog, CatalogTable, DialectName } from '@t2t/sql-guard'
import type { Context, QueryRunner, SourcedMetadata } from '@t2t/llm-sql'

/** The day on which all questions of the tests are asked: a Wednesday. */
export const today = (): Date => new Date(2024, 4, 15, 12)

const script = `
  CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL, city text NOT NULL,
    country text NOT NULL, signed_up_on date NOT NULL);
  CREATE TABLE stores (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL);
  CREATE TABLE products (id integer PRIMARY KEY, name text NOT NULL, category text NOT NULL, unit_price real NOT NULL);
  CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL REFERENCES customers (id),
    store_id integer NOT NULL REFERENCES stores (id), status text NOT NULL, ordered_at timestamp NOT NULL);
  CREATE TABLE order_lines (id integer PRIMARY KEY, order_id integer NOT NULL REFERENCES orders (id),
    product_id integer NOT NULL REFERENCES products (id), quantity integer NOT NULL, unit_price real NOT NULL);
  CREATE TABLE returns (id integer PRIMARY KEY, order_line_id integer NOT NULL REFERENCES order_lines (id),
    reason text NOT NULL, returned_at timestamp NOT NULL);
  INSERT INTO customers VALUES
    (1, 'Ann Lee', 'ann@shop.example', 'Lisbon', 'Portugal', '2023-02-01'),
    (2, 'Bo Kim', 'bo@shop.example', 'Porto', 'Portugal', '2024-05-02'),
    (3, 'Cy Roe', 'cy@shop.example', 'Madrid', 'Spain', '2024-05-10'),
    (4, 'Di Poe', 'di@shop.example', 'Madrid', 'Spain', '2022-12-31');
  INSERT INTO stores VALUES (1, 'Harbour', 'Lisbon'), (2, 'Plaza', 'Madrid'), (3, 'Outlet', 'Faro');
  INSERT INTO products VALUES
    (120, 'Lamp', 'home', 20), (121, 'Chair', 'home', 45), (122, 'Kite', 'toys', 15), (123, 'Puzzle', 'toys', 30),
    (124, 'Desk', 'office', 120);
  INSERT INTO orders VALUES
    (1, 1, 1, 'paid', '2024-05-01 09:00:00'), (2, 1, 1, 'paid', '2024-05-14 10:00:00'),
    (3, 2, 1, 'shipped', '2024-04-30 23:59:59'), (4, 2, 2, 'paid', '2024-05-15 08:30:00'),
    (5, 3, 2, 'cancelled', '2023-11-20 12:00:00'), (6, 3, 2, 'paid', '2024-02-29 12:00:00'),
    (7, 1, 2, 'paid', '2024-01-01 00:00:00');
  INSERT INTO order_lines VALUES
    (1, 1, 123, 2, 30), (2, 1, 120, 1, 20), (3, 2, 123, 1, 30), (4, 3, 121, 4, 45), (5, 4, 122, 3, 15),
    (6, 4, 123, 1, 25), (7, 5, 121, 1, 45), (8, 6, 120, 5, 20), (9, 7, 122, 2, 15), (10, 7, 123, 3, 30);
  INSERT INTO returns VALUES
    (1, 1, 'damaged', '2024-05-03 10:00:00'), (2, 4, 'late', '2024-05-05 10:00:00'), (3, 8, 'damaged', '2024-03-03 10:00:00');
`

/** A small shop in memory. */
export function openShop(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec(script)
  return database
}

/** Rows of a query, as arrays. */
export function rowsOf(database: DatabaseSync, sql: string): (string | number | null)[][] {
  const statement = database.prepare(sql)
  statement.setReturnArrays(true)
  return statement.all() as unknown as (string | number | null)[][]
}

/** Runs queries on a database of `node:sqlite`. */
export function runnerOn(database: DatabaseSync): QueryRunner {
  return async (sql) => {
    try {
      const statement = database.prepare(sql)
      const columns = statement.columns().map(({ name }) => name)
      return { kind: 'rows', columns, rows: rowsOf(database, sql), isTruncated: false }
    } catch {
      return { kind: 'failed', message: 'The engine refused the statement.', code: 'SQLITE_ERROR' }
    }
  }
}

/** What the shop contains; with the values of columns that hold few of them. */
export function catalogOf(database: DatabaseSync, dialect: DialectName = 'sqlite'): Catalog {
  const schema = dialect === 'sqlite' ? 'main' : 'public'
  const names = rowsOf(
    database,
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid",
  )
  return {
    dialect,
    version: '1',
    searchPath: [schema],
    tables: names.map(([name]) => tableOf(database, String(name), schema)),
  }
}

const sampled = new Set(['city', 'country', 'category', 'status', 'reason'])

function tableOf(database: DatabaseSync, name: string, schema: string): CatalogTable {
  const columns = database.prepare('SELECT * FROM pragma_table_info(?)').all(name)
  const keys = database.prepare('SELECT * FROM pragma_foreign_key_list(?)').all(name)
  return {
    schema,
    name,
    kind: 'table',
    primaryKey: ['id'],
    columns: columns.map((column) => {
      const columnName = String(column['name'])
      const values = sampled.has(columnName)
        ? rowsOf(database, `SELECT DISTINCT ${columnName} FROM ${name}`).map(([value]) =>
            String(value),
          )
        : undefined
      return {
        name: columnName,
        type: String(column['type']).toLowerCase(),
        isNullable: false,
        sampleValues: values,
      }
    }),
    foreignKeys: keys.map((key) => ({
      columns: [String(key['from'])],
      references: { schema, table: String(key['table']), columns: [String(key['to'])] },
    })),
  }
}

/** Where the shop's catalog and metadata come from. */
export const catalogSource = { name: 'shop', uri: 'db://shop/catalog', priority: 10 }
export const metadataSource = { name: 'product-metadata', uri: 'metadata://products', priority: 1 }

/** What the shop's people say: "abracadabra" for a product, "sales" for money. */
export const shopMetadata: SourcedMetadata = {
  source: metadataSource,
  metadata: {
    aliases: [{ term: 'abracadabra', column: 'products.id', value: 123 }],
    translations: [
      { term: 'sales', expression: 'SUM(order_lines.quantity * order_lines.unit_price)' },
    ],
  },
}

/** A context of the shop. */
export function contextOf(
  catalog: Catalog,
  metadata: readonly SourcedMetadata[] = [shopMetadata],
): Context {
  return {
    catalog,
    catalogSource,
    metadata,
    sources: [...metadata.map(({ source }) => source), catalogSource],
    missing: [],
  }
}
