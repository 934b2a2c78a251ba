// Lets engines judge what guards let through:
// npm run fuzz -w packages/sql-guard -- --engine all --mutations 2000000 --seed 1
import { parseArgs } from 'node:util'
import { type EngineName, engineNames } from './fuzz.ts'
import { runEngine } from './supervise.ts'
import { tableOf } from './table.ts'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'all' },
    mutations: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    state: { type: 'string' },
    portable: { type: 'boolean', default: false },
  },
})
const engines: readonly EngineName[] = engineNames.filter(
  (name) =>
    (values.engine === 'all' && !(values.portable && name === 'clickhouse')) ||
    values.engine === name,
)
const mutations = Number(values.mutations)
if (engines.length === 0 || !Number.isInteger(mutations) || mutations < 1) {
  process.stderr.write(
    `Usage: --engine all|${engineNames.join('|')} --mutations N --seed S [--portable] [--state folder to go on from]\n`,
  )
  process.exit(2)
}

const results = await Promise.all(
  engines.map((engine) =>
    runEngine({
      engine,
      seed: Number(values.seed),
      mutations: Math.ceil(mutations / engines.length),
      folder: values.state,
      isPortable: values.portable,
      onLine: (line) => process.stderr.write(`${line}\n`),
    }),
  ),
)
process.stdout.write(tableOf(results))
process.exitCode = results.every(({ found }) => found.length === 0) ? 0 : 1
