// Lets an engine judge mutated attacks:
// npm run fuzz -w packages/sql-guard -- --engine sqlite --mutations 2000000 --seed 1
import { parseArgs } from 'node:util'
import { fuzzMariadb, fuzzPostgres } from './fuzz-engines.ts'
import { fuzzSqlite } from './fuzz-sqlite.ts'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    mutations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
})
const engines: Readonly<Record<string, typeof fuzzSqlite>> = {
  sqlite: fuzzSqlite,
  postgres: fuzzPostgres,
  mariadb: fuzzMariadb,
}
const run = engines[values.engine] ?? fuzzSqlite
const result = await run(Number(values.seed), Number(values.mutations))
const shown = { engine: values.engine, ...result, broken: result.broken.slice(0, 40) }
process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
process.exitCode = result.broken.length === 0 ? 0 : 1
