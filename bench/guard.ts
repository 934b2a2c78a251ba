// What the guard costs, what it refuses wrongly, and whether it reads what the engines read.
import { createSqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { sqliteAcceptance } from './guard/acceptance.ts'
import { type Lineage, postgresLineage, sqliteLineage } from './guard/lineage.ts'
import { hostileRows } from './guard/hostile-rows.ts'
import { speedRows } from './guard/speed.ts'
import { suiteRows } from './guard/suites-accept.ts'
import { goldStatements, modelStatements } from './guard/sqlite-data.ts'
import type { Bench, BenchRow } from './report/bench.ts'
import { nanosecondsPerCall } from './report/measure.ts'

const bench: Bench = async ({ progress }) => {
  const rows: BenchRow[] = [...(await speedRows(progress))]
  progress('cache and hostile texts')
  const guard = await createSqlGuard({ dialect: sqlite() })
  const texts = Array.from(
    { length: 128 },
    (_, index) => `SELECT id FROM orders WHERE id = ${index}`,
  )
  let next = 0
  const cached = 1e9 / (await nanosecondsPerCall(() => guard.check(texts[next++ % 128] ?? '')))
  rows.push({
    id: 'cached',
    what: 'texts decided about in a second that were seen before',
    value: Math.round(cached),
    unit: '/s',
    peers: {},
    goal: '≥ 1M/s',
    met: cached >= 1e6,
  })
  rows.push(...(await hostileRows()))

  progress('acceptance')
  const sets = ['spider-train', 'spider-dev-a']
  const gold = await Promise.all(
    sets.map((set) => sqliteAcceptance(`${set} gold`, goldStatements(set), true, set)),
  )
  const refused = gold.flatMap((each) => each.refused).length
  const changed = gold.flatMap((each) => each.changed).length
  const statements = gold.reduce((sum, each) => sum + each.statements, 0)
  rows.push(
    count('gold-refused', `gold statements refused, of ${statements}`, refused),
    count(
      'gold-changed',
      `gold statements with other rows after rewriting, of ${statements}`,
      changed,
    ),
  )

  progress('regression suites of the engines')
  rows.push(...(await suiteRows()))

  progress('lineage')
  const lineages: readonly Lineage[] = [
    ...(await Promise.all(sets.map((set) => sqliteLineage(set, set, goldStatements(set))))),
    await sqliteLineage('models', 'spider-dev-a', modelStatements('spider-dev-a', 'sqlite')),
    await sqliteLineage('bird', 'bird-linking', goldStatements('bird-linking')),
    await postgresLineage('defog', 'defog-postgres', goldStatements('defog-postgres')),
  ]
  const compared = lineages.reduce((sum, each) => sum + each.compared, 0)
  const different = lineages.flatMap((each) => each.different).length
  rows.push(
    count('lineage', `read sets that differ from the engine's own, of ${compared}`, different),
  )
  return rows
}

function count(id: string, what: string, value: number): BenchRow {
  return { id, what, value, unit: 'statements', peers: {}, goal: '0', met: value === 0 }
}

export default bench
