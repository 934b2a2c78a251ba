// What the policies of @t2t/resilience cost, keep and hold, beside the libraries that teams use today.
import type { Bench } from './report/bench.ts'
import { memory } from './resilience/memory.ts'
import { outage } from './resilience/outage.ts'
import { overhead } from './resilience/overhead.ts'
import { redis } from './resilience/redis.ts'

const bench: Bench = async ({ progress }) => [
  ...(await overhead(progress)),
  ...memory(progress),
  ...(await outage(progress)),
  ...(await redis(progress)),
]

export default bench
