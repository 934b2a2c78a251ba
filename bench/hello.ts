// The smallest benchmark: what composing policies costs beside calling the operation itself.
import { pipe, type Policy } from '@t2t/resilience'
import type { Bench } from './report/bench.ts'
import { nanosecondsPerCall } from './report/measure.ts'

const pass: Policy = (operation) => (context) => operation(context)

const bench: Bench = async ({ progress }) => {
  const context = { signal: new AbortController().signal }
  const operation = (): Promise<number> => Promise.resolve(42)
  const piped = pipe(pass, pass, pass)(operation)

  progress('bare call')
  const bare = await nanosecondsPerCall(() => operation())
  progress('three policies')
  const wrapped = await nanosecondsPerCall(() => piped(context))

  return [
    {
      id: 'three-policies',
      what: 'a call through three policies that do nothing',
      value: wrapped,
      unit: 'ns',
      peers: { 'bare call': bare },
      goal: '',
      met: null,
    },
  ]
}

export default bench
