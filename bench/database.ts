// What the session contract costs beside bare drivers, and what it holds under faults.
import { mysqlCost, postgresCost, sqliteCost } from './database/cost.ts'
import { aborts, memory, storm } from './database/faults.ts'
import type { Bench, BenchRow } from './report/bench.ts'

/** `T2T_ABORTS=10000` gives the promised number; the default is short. */
const abortCount = Number(process.env['T2T_ABORTS'] ?? 500)

const bench: Bench = async ({ progress }) => {
  const rows: BenchRow[] = []
  const add = async (name: string, measure: () => Promise<BenchRow>): Promise<void> => {
    progress(name)
    rows.push(await measure())
  }
  await add('SQLite', sqliteCost)
  await add('PostgreSQL', postgresCost)
  await add('MariaDB', mysqlCost)
  await add('cancel storm', storm)
  await add(`${abortCount} aborts`, () => aborts(abortCount))
  progress('5 million rows')
  rows.push(...(await memory()))
  return rows
}

export default bench
