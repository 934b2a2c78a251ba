// Texts that write, escape or never end, sent past the guard: the session refuses or ends each.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createDatabase, isDatabaseError } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { definePolicy } from '@t2t/sql-guard'

const folder = mkdtempSync(join(tmpdir(), 'read-only-for-certain-'))
const path = join(folder, 'shop.db')
const writer = new DatabaseSync(path)
writer.exec(`
  CREATE TABLE customers (id integer PRIMARY KEY, name text, email text);
  INSERT INTO customers VALUES (1, 'Ada', 'ada@example.org'), (2, 'Bob', 'bob@example.org');
`)
writer.close()
const before = readFileSync(path)

// A process of its own, so that a statement that never ends can be ended.
const engine = sqlite({ path, runsIn: 'own-process' })
const caps = { maxRows: 100, maxBytes: 100_000, timeoutMs: 1_000 }
const hostile = [
  'DELETE FROM customers',
  'SELECT 1; DROP TABLE customers',
  "ATTACH 'other.db' AS other",
  'PRAGMA query_only = OFF',
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n',
]
const codes: string[] = []
for (const sql of hostile) {
  const failure = await engine.read(sql, caps, new AbortController().signal).then(
    () => 'gave rows',
    (error: unknown) => (isDatabaseError(error) ? error.code : 'unknown'),
  )
  console.log(`${failure}: ${sql}`)
  codes.push(failure)
}
assert.deepEqual(codes, [
  ...Array.from({ length: 4 }, () => 'DATABASE_STATEMENT_REFUSED'),
  'DATABASE_QUERY_TIMED_OUT',
])
assert.deepEqual(readFileSync(path), before)

// With the guard in front, the same engine also hides what the policy hides.
const shop = await createDatabase({
  name: 'shop',
  engine,
  policy: definePolicy({ columns: { block: ['customers.email'] } }),
})
const hidden = await shop.query('SELECT email FROM customers')
const shown = await shop.query('SELECT name FROM customers ORDER BY id')
await shop.close()
rmSync(folder, { recursive: true })

console.log(hidden.kind, shown.kind === 'rows' && shown.result.rows.join())
assert.equal(hidden.kind, 'refused')
assert.deepEqual(shown.kind === 'rows' && shown.result.rows, [['Ada'], ['Bob']])
