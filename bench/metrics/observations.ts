import type { BenchRow } from '../report/bench.ts'
import { type Instruments, openTelemetry, ours, promClient } from './peers.ts'
import { measureInTurns } from './rounds.ts'

const goal = 'no slower than prom-client'
const routes = ['/ask', '/health', '/metrics', '/sessions']
const statuses = ['200', '404', '500', '503']
const values = [0.004, 0.09, 0.35, 1.2, 9]

function at(list: readonly string[], index: number): string {
  return list[index % list.length] ?? ''
}

const kinds = {
  'counter without labels': ({ bare }: Instruments) => bare,
  'counter with 2 labels':
    ({ labelled }: Instruments) =>
    (index: number) =>
      labelled(at(routes, index), at(statuses, index >> 2)),
  'histogram with 14 buckets and 2 labels':
    ({ time }: Instruments) =>
    (index: number) =>
      time(values[index % values.length] ?? 0, at(routes, index), at(statuses, index >> 2)),
} as const

/** What one observation costs: nanoseconds, in 16 series where there are labels. */
export function observations(progress: (line: string) => void): readonly BenchRow[] {
  return Object.entries(kinds).map(([what, callOf]) => {
    progress(what)
    const { best } = measureInTurns(
      { t2t: callOf(ours()), 'prom-client': callOf(promClient()), sdk: callOf(openTelemetry()) },
      { callsEach: 100_000, rounds: 15 },
    )
    return {
      id: what.replaceAll(' ', '-'),
      what: `one observation: ${what}`,
      value: best('t2t'),
      unit: 'ns',
      peers: { 'prom-client': best('prom-client'), 'OpenTelemetry SDK': best('sdk') },
      goal,
      met: best('t2t') <= best('prom-client'),
    }
  })
}
