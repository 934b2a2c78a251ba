import { prometheusText } from '@t2t/metrics/prometheus'
import type { BenchRow } from '../report/bench.ts'
import { nanosecondsPerCall } from '../report/measure.ts'
import { type Instruments, openTelemetry, ours, promClient } from './peers.ts'

const series = 1_000

function fill({ time }: Instruments): void {
  for (let index = 0; index < series; index++) time(0.35, `/route-${index}`, '200')
}

/** What one scrape of 1,000 histograms costs. */
export async function scrape(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  progress(`scrape of ${series} series`)
  const [own, prom, sdk] = [ours(), promClient(), openTelemetry()]
  for (const instruments of [own, prom, sdk]) fill(instruments)
  const milliseconds = async (call: () => unknown): Promise<number> =>
    (await nanosecondsPerCall(call, { calls: 10, rounds: 7 })) / 1e6
  const value = await milliseconds(() => prometheusText(own.meter))
  const promClientMs = await milliseconds(() => prom.registry.metrics())
  const sdkMs = await milliseconds(() => sdk.reader.collect())
  return [
    {
      id: 'scrape',
      what: `one scrape of ${series} histogram series with 14 buckets (SDK: collected, not written)`,
      value,
      unit: 'ms',
      peers: { 'prom-client': promClientMs, 'OpenTelemetry SDK': sdkMs },
      goal: 'no slower than prom-client',
      met: value <= promClientMs,
    },
  ]
}
