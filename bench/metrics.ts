// What an observation costs beside prom-client and the OpenTelemetry SDK, and what an observer costs a guarded query.
import { guardedQuery } from './metrics/guarded-query.ts'
import { observations } from './metrics/observations.ts'
import { scrape } from './metrics/scrape.ts'
import type { Bench } from './report/bench.ts'

const bench: Bench = async ({ progress }) => [
  ...observations(progress),
  ...(await scrape(progress)),
  ...(await guardedQuery(progress)),
]

export default bench
