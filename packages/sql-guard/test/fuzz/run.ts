// Lets SQLite judge mutated attacks: node --conditions=@t2t/source test/fuzz/run.ts --mutations 2000000 --seed 1
import { parseArgs } from 'node:util'
import { fuzzSqlite } from './fuzz-sqlite.ts'

const { values } = parseArgs({
  options: {
    mutations: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
})
const result = await fuzzSqlite(Number(values.seed), Number(values.mutations))
process.stdout.write(
  `${JSON.stringify({ ...result, broken: result.broken.slice(0, 40) }, null, 2)}\n`,
)
process.exitCode = result.broken.length === 0 ? 0 : 1
