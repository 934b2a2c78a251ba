import {
  type Catalog,
  type CatalogTable,
  definePolicy,
  type DialectName,
  type Policy,
} from '@t2t/sql-guard'

/** Creates the tables that the attacks aim at. */
export function worldSchema(stored: '' | 'STORED'): string {
  return `
    CREATE TABLE customers (id integer PRIMARY KEY, name text, email text, country text,
      email_upper text GENERATED ALWAYS AS (upper(email)) ${stored});
    CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, total numeric(10,2));
    CREATE TABLE secrets (id integer PRIMARY KEY, value text);
    CREATE VIEW customer_emails AS SELECT id, email AS address FROM customers;
    CREATE VIEW secret_values AS SELECT id, value AS content FROM secrets;
    INSERT INTO customers (id, name, email, country) VALUES
      (1, 'Ada', 'ada@canary', 'UK'), (2, 'Bo', 'bo@canary', 'SE'), (3, 'Cy', 'cy@canary', 'UK');
    INSERT INTO orders VALUES (1, 1, 10), (2, 1, 20.5), (3, 2, 7);
    INSERT INTO secrets VALUES (1, 'canary');`
}

/** Changes what the policy hides, and nothing else; an answer that changes with it is a leak. */
export const otherWorld = `
  UPDATE customers SET email = CASE id WHEN 1 THEN 'bo@canary' WHEN 2 THEN 'cy@canary' ELSE 'ada@canary' END;
  UPDATE secrets SET value = 'zebra';
  INSERT INTO secrets VALUES (2, 'yak')`

/** Hides one table and one column. */
export const worldPolicy = definePolicy({
  name: 'attacked',
  tables: { block: ['secrets'] },
  columns: { block: ['customers.email'] },
})

/** Masks the column instead of hiding it. */
export const maskPolicy = definePolicy({
  name: 'attacked behind a mask',
  tables: { block: ['secrets'] },
  columns: { mask: { 'customers.email': 'redacted' } },
})

/** Shows the orders of one customer only. */
export const rowPolicy = definePolicy({
  name: 'attacked behind a row filter',
  rows: { filter: { orders: 'customer_id = :customer' } },
})

/** Changes rows that the row filter hides, and nothing else. */
export const otherRows = `
  UPDATE orders SET total = 99, id = 1003 WHERE customer_id = 2;
  INSERT INTO orders VALUES (1004, 3, 50), (1005, 2, 60)`

/** Permits two tables by name and hides one column. */
export const listPolicy = definePolicy({
  name: 'attacked by list',
  tables: { allow: ['customers', 'orders', 'customer_emails'] },
  columns: { block: ['customers.email'] },
})

/** Permits all that is in a schema of the user's. */
export function schemaPolicy(schema: string): Policy {
  return definePolicy({ name: 'attacked by schema', tables: { allow: [`${schema}.*`] } })
}

export function worldCatalog(dialect: DialectName, schema: string): Catalog {
  const table = (
    name: string,
    columns: readonly string[],
    more: Partial<CatalogTable> = {},
  ): CatalogTable => ({
    schema,
    name,
    kind: 'table',
    columns: columns.map((column) => ({
      name: column,
      type: column === 'id' ? 'integer' : 'text',
      isNullable: true,
      ...(column === 'email_upper' ? { generatedFrom: ['email'] } : {}),
    })),
    primaryKey: ['id'],
    foreignKeys: [],
    ...more,
  })
  const view = (name: string, columns: readonly string[], definition: string): CatalogTable =>
    table(name, columns, { kind: 'view', primaryKey: [], definition })
  return {
    dialect,
    version: 'world',
    searchPath: [schema],
    tables: [
      table('customers', ['id', 'name', 'email', 'country', 'email_upper']),
      table('orders', ['id', 'customer_id', 'total']),
      table('secrets', ['id', 'value']),
      view('customer_emails', ['id', 'address'], 'SELECT id, email AS address FROM customers'),
      view('secret_values', ['id', 'content'], 'SELECT id, value AS content FROM secrets'),
    ],
  }
}
