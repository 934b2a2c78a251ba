// A question in plain language, answered from a database in memory: no model, no server, no key.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { createSqlAssistant, type Metadata } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy, type Catalog, type CatalogTable } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'

const database = new DatabaseSync(':memory:')
database.exec(`
  CREATE TABLE products (id integer PRIMARY KEY, name text);
  CREATE TABLE orders (id integer PRIMARY KEY, product_id integer REFERENCES products (id),
    amount real, ordered_on date);
  INSERT INTO products VALUES (122, 'Lamp'), (123, 'Puzzle');
  INSERT INTO orders VALUES (1, 123, 40, '2026-04-30'), (2, 123, 25, '2026-05-01'),
    (3, 123, 17.5, '2026-05-19'), (4, 122, 99, '2026-05-02');
`)

const column = (name: string, type: string) => ({ name, type, isNullable: true })
const table = (
  name: string,
  rest: Pick<CatalogTable, 'columns' | 'foreignKeys'>,
): CatalogTable => ({
  schema: 'main',
  name,
  kind: 'table',
  primaryKey: ['id'],
  ...rest,
})
const catalog: Catalog = {
  dialect: 'sqlite',
  version: '1',
  searchPath: ['main'],
  tables: [
    table('products', {
      columns: [column('id', 'integer'), column('name', 'text')],
      foreignKeys: [],
    }),
    table('orders', {
      columns: [
        column('id', 'integer'),
        column('product_id', 'integer'),
        column('amount', 'real'),
        column('ordered_on', 'date'),
      ],
      foreignKeys: [
        {
          columns: ['product_id'],
          references: { schema: 'main', table: 'products', columns: ['id'] },
        },
      ],
    }),
  ],
}

/** What people say, and the database does not know. */
const metadata: Metadata = {
  aliases: [{ term: 'abracadabra', column: 'products.id', value: 123 }],
  translations: [{ term: 'sales', expression: 'SUM(orders.amount)' }],
}

const shop = { name: 'shop', priority: 10 }
const words = { name: 'product-words', priority: 1 }
const assistant = createSqlAssistant({
  context: async () => ({
    catalog,
    metadata: [{ metadata, source: words }],
    sources: [words, shop],
    missing: [],
  }),
  guard: (known) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog: known }),
  run: async (sql) => {
    const statement = database.prepare(sql)
    const columns = statement.columns().map(({ name }) => name)
    const rows = statement.all().map((row) => columns.map((name) => Number(row[name])))
    return { kind: 'rows', columns, rows, isTruncated: false }
  },
  generator: offlineGenerator(),
  today: () => new Date(2026, 4, 20),
})

const answer = await assistant.ask('Show me total sales for abracadabra this month').answer
assert.equal(answer.kind, 'answered')

for (const { term, meaning, source } of answer.entities) {
  console.log(`${term}: ${meaning} (${source.name})`)
}
console.log(`${answer.sql}\n${answer.columns.join()}: ${answer.rows.join()}`)

const refused = await assistant.ask('DROP TABLE orders').answer
assert.equal(refused.kind, 'refused')
console.log(`DROP TABLE orders: ${refused.findings[0]?.message}`)

assert.deepEqual(answer.rows, [[42.5]])
