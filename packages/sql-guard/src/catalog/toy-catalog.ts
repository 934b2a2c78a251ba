import type { Catalog, CatalogColumn, CatalogTable, DialectName } from './catalog.ts'

/**
 * Makes a small catalog to test with: `customers` (id, name, email, country), `orders` (id,
 * customer_id, placed_on, total), `secrets` (id, value), and the view `customer_emails`.
 *
 * {@link toySchema} creates the same tables.
 */
export function toyCatalog(dialect: DialectName): Catalog {
  const schema = dialect === 'sqlite' ? 'main' : dialect === 'postgres' ? 'public' : 'shop'
  const table = (
    name: string,
    columns: readonly CatalogColumn[],
    more: Partial<CatalogTable> = {},
  ): CatalogTable => ({
    schema,
    name,
    kind: 'table',
    columns,
    primaryKey: ['id'],
    foreignKeys: [],
    ...more,
  })
  return {
    dialect,
    version: 'toy-1',
    searchPath: [schema],
    tables: [
      table('customers', [
        column('id', 'integer', false),
        column('name', 'text'),
        column('email', 'text'),
        column('country', 'text'),
      ]),
      table(
        'orders',
        [
          column('id', 'integer', false),
          column('customer_id', 'integer'),
          column('placed_on', 'date'),
          column('total', 'numeric(10,2)'),
        ],
        {
          foreignKeys: [
            {
              columns: ['customer_id'],
              references: { schema, table: 'customers', columns: ['id'] },
            },
          ],
        },
      ),
      table('secrets', [column('id', 'integer', false), column('value', 'text')]),
      table('customer_emails', [column('id', 'integer'), column('address', 'text')], {
        kind: 'view',
        primaryKey: [],
        definition: 'SELECT id, email AS address FROM customers',
      }),
    ],
  }
}

/** The statements that create the tables of {@link toyCatalog} and fill them. */
export const toySchema = `
CREATE TABLE customers (id integer PRIMARY KEY, name text, email text, country text);
CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers (id), placed_on date, total numeric(10,2));
CREATE TABLE secrets (id integer PRIMARY KEY, value text);
CREATE VIEW customer_emails AS SELECT id, email AS address FROM customers;
INSERT INTO customers VALUES (1, 'Ada', 'ada@mail.example', 'UK'), (2, 'Bo', 'bo@mail.example', 'SE');
INSERT INTO orders VALUES (1, 1, '2024-01-05', 10), (2, 1, '2024-02-06', 20.5), (3, 2, '2024-02-07', 7);
INSERT INTO secrets VALUES (1, 'canary');
`

function column(name: string, type: string, isNullable = true): CatalogColumn {
  return { name, type, isNullable }
}
