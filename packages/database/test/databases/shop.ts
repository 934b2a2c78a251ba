import { DatabaseSync } from 'node:sqlite'
import { definePolicy, type Policy } from '@t2t/sql-guard'

/** A shop with a column and a table that nobody may see; portable between the dialects. */
export const shopStatements: readonly string[] = [
  'CREATE TABLE customers (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, email TEXT)',
  'CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT NOT NULL REFERENCES customers (id), total BIGINT NOT NULL)',
  'CREATE TABLE salaries (id BIGINT NOT NULL PRIMARY KEY, amount BIGINT)',
  'CREATE VIEW contacts AS SELECT id, email FROM customers',
  "INSERT INTO customers VALUES (1, 'Ada', 'ada@canary.example'), (2, 'Bob', 'bob@canary.example')",
  'INSERT INTO orders VALUES (1, 1, 30), (2, 1, 12), (3, 2, 9007199254740993)',
  'INSERT INTO salaries VALUES (1, 777001)',
]

/** What must never leave through any path: the hidden names, and the values behind them. */
export const canaries = /canary|email|salaries|777001/i

export const shopPolicy: Policy = definePolicy({
  name: 'analysts',
  tables: { block: ['salaries'] },
  columns: { block: ['customers.email'] },
  limits: { maxRows: 500 },
})

export function openShop(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  for (const statement of shopStatements) database.exec(statement)
  return database
}
