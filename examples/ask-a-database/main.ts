// A question in plain language, answered from a database in memory: no model, no server, no key.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { createDatabase } from '@t2t/database'
import { sqlite as sqliteEngine } from '@t2t/database/sqlite'
import { createSqlAssistant, type Metadata } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'

const rows = new DatabaseSync(':memory:')
rows.exec(`
  CREATE TABLE products (id integer PRIMARY KEY, name text);
  CREATE TABLE orders (id integer PRIMARY KEY, product_id integer REFERENCES products (id),
    amount real, ordered_on date);
  INSERT INTO products VALUES (122, 'Lamp'), (123, 'Puzzle');
  INSERT INTO orders VALUES (1, 123, 40, '2026-04-30'), (2, 123, 25, '2026-05-01'),
    (3, 123, 17.5, '2026-05-19'), (4, 122, 99, '2026-05-02');
`)
const policy = definePolicy({ name: 'analysts' })
const shop = await createDatabase({
  name: 'shop',
  engine: sqliteEngine({ database: rows }),
  policy,
})

/** What people say, and the database does not know. */
const metadata: Metadata = {
  aliases: [{ term: 'abracadabra', column: 'products.id', value: 123 }],
  translations: [{ term: 'sales', expression: 'SUM(orders.amount)' }],
}

const catalogSource = { name: 'shop', priority: 10 }
const words = { name: 'product-words', priority: 1 }
const assistant = createSqlAssistant({
  context: async (signal) => ({
    catalog: await shop.catalog({ signal }),
    catalogSource,
    metadata: [{ metadata, source: words }],
    sources: [words, catalogSource],
    missing: [],
  }),
  guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy, catalog }),
  run: async (sql, signal) => {
    const outcome = await shop.query(sql, { signal })
    if (outcome.kind === 'refused') return { kind: 'failed', message: 'The database refused it.' }
    const { columns, rows: read, truncated } = outcome.result
    const names = columns.map(({ name }) => name)
    return { kind: 'rows', columns: names, rows: read, isTruncated: truncated !== undefined }
  },
  generator: offlineGenerator(),
  verifyWith: sqlite(),
  today: () => new Date(2026, 4, 20),
})

const answer = await assistant.ask('Show me total sales for abracadabra this month').answer
assert.equal(answer.kind, 'answered')
assert.equal(answer.warnings, undefined)
for (const { term, meaning, source } of answer.entities) {
  console.log(`${term}: ${meaning} (${source.name})`)
}
console.log(`${answer.sql}\n${answer.columns.join()}: ${answer.rows.join()}`)

const refused = await assistant.ask('DROP TABLE orders').answer
assert.equal(refused.kind, 'refused')
console.log(`DROP TABLE orders: ${refused.findings[0]?.message}`)

await shop.close()
assert.deepEqual(answer.rows, [[42.5]])
