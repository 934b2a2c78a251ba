// What the session contract costs beside bare drivers, and what it holds under faults.
import { mysqlCost, postgresCost, sqliteCost } from './database/cost.ts'
import { aborts, servers, storm } from './database/faults.ts'
import { memory } from './database/memory.ts'
import { trips } from './database/trips.ts'
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
  for (const measure of trips) await add('round trips', measure)
  for (const server of servers) {
    await add(`cancel storm, ${server.name}`, () => storm(server))
    await add(`${abortCount} aborts, ${server.name}`, () => aborts(server, abortCount))
  }
  for (const measure of memory) await add('5 million rows', measure)
  return rows
}

export default bench
