// One engine's share of a fuzzing run. `supervise.ts` starts it, and ends it when a text does not end.
import { parseArgs } from 'node:util'
import { engineNames, fuzz } from '../fuzz.ts'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '0' },
    batch: { type: 'string', default: '4096' },
    portable: { type: 'boolean', default: false },
  },
})
const engine = engineNames.find((name) => name === values.engine)
if (engine === undefined) throw new Error(`There is no engine ${values.engine}.`)

await fuzz({
  engine,
  seed: Number(values.seed),
  from: Number(values.from),
  to: Number(values.to),
  batch: Number(values.batch),
  isPortable: values.portable,
  onProgress: (next, counts, found) => {
    process.stdout.write(`${JSON.stringify({ next, counts, found })}\n`)
  },
})
