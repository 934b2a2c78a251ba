import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { createMeter } from '@t2t/metrics'
import { observeSqlGuard } from '@t2t/metrics/sql-guard'
import { createSqlGuard, definePolicy, type GuardListener, type SqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog, toySchema } from '@t2t/sql-guard/testing'
import type { BenchRow } from '../report/bench.ts'
import { measureInTurns, median } from './rounds.ts'

const sql = `SELECT c.country, count(*) AS orders, sum(o.total) AS total
FROM orders o JOIN customers c ON c.id = o.customer_id
WHERE o.placed_on >= '2024-01-01' GROUP BY c.country ORDER BY total DESC`

function guard(onEvent?: GuardListener): Promise<SqlGuard> {
  return createSqlGuard({
    dialect: sqlite(),
    policy: definePolicy({ columns: { block: ['customers.email'] } }),
    catalog: toyCatalog('sqlite'),
    // Every text is decided about anew, as that of a new question is.
    maxCachedTexts: 0,
    onEvent,
  })
}

/** What listening costs a query: decided about by the guard, then run by SQLite in the process. */
export async function guardedQuery(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  progress('guarded query')
  const database = new DatabaseSync(':memory:')
  database.exec(toySchema)
  // Prepared once, as drivers keep what they ran before.
  const prepared = new Map<string, StatementSync>()
  const read = (text: string): unknown => {
    const statement = prepared.get(text) ?? database.prepare(text)
    prepared.set(text, statement)
    return statement.all()
  }
  const run = (checker: SqlGuard) => () => {
    const verdict = checker.check(sql)
    if (verdict.kind === 'refused') throw new Error('The guard refused the query.')
    return read(verdict.sql)
  }
  const { rounds } = measureInTurns(
    {
      alone: run(await guard()),
      unattached: run(await guard(undefined)),
      observed: run(await guard(observeSqlGuard(createMeter()))),
    },
    { callsEach: 10, rounds: 2_500 },
  )
  database.close()
  const alone = median(rounds('alone'))
  const share = (costs: readonly number[]): number =>
    (100 * median(costs.map((cost, index) => cost - Number(rounds('alone')[index])))) / alone
  return [
    {
      id: 'guarded-query',
      what: 'guarded query on SQLite, nobody listens',
      value: alone / 1_000,
      unit: 'us',
      peers: {},
      goal: '',
      met: null,
    },
    {
      id: 'no-observer',
      what: 'median difference between two guards to which nobody listens, in turns',
      value: share(rounds('unattached')),
      unit: '% of a guarded query',
      peers: {},
      goal: 'nothing measurable (under 1 % of a guarded query) when no observer is attached',
      met: Math.abs(share(rounds('unattached'))) < 1,
    },
    {
      id: 'observer',
      what: 'median difference when the observer of the guard listens',
      value: share(rounds('observed')),
      unit: '% of a guarded query',
      peers: {},
      goal: '',
      met: null,
    },
  ]
}
