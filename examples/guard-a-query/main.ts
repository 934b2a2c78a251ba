// One query that may run, and three that may not, with the reasons. Run it: npm start -w examples/guard-a-query
import assert from 'node:assert/strict'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'

const policy = definePolicy({
  name: 'analyst',
  tables: { block: ['secrets'] },
  columns: { block: ['customers.email'] },
  limits: { maxRows: 100 },
})
const guard = await createSqlGuard({ dialect: postgres(), policy, catalog: toyCatalog('postgres') })

const questions = [
  'SELECT country, count(*) FROM customers GROUP BY country -- how many, and where',
  "SELECT id FROM customers NATURAL JOIN (SELECT 'ada@mail.example' AS email) AS guess",
  'WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets',
  "SELECT '\\'; DELETE FROM orders; --'",
]

const outcomes = questions.map((sql) => {
  const verdict = guard.check(sql)
  console.log(`\n${sql}`)
  if (verdict.kind === 'allowed') {
    console.log(`  may run as: ${verdict.sql.replaceAll('\n', ' ')}`)
    return verdict.kind
  }
  for (const { code, message } of verdict.findings) console.log(`  ${code}: ${message}`)
  return verdict.findings[0]?.code
})

assert.deepEqual(outcomes, ['allowed', 'column-refused', 'table-refused', 'statement-count'])
