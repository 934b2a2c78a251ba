// How often a caller waits for a server, counted between the two.
import { setTimeout as pause } from 'node:timers/promises'
import type { PooledEngine } from '@t2t/database'
import { mysql } from '@t2t/database/mysql'
import { postgres } from '@t2t/database/postgres'
import {
  startCountingProxy,
  type CountingProxy,
} from '../../packages/database/test/engine/counting-proxy.ts'
import type { BenchRow } from '../report/bench.ts'

const caps = { maxRows: 1_000, maxBytes: 1_000_000, timeoutMs: 15_000 }
const calm = new AbortController().signal

async function counted(
  name: string,
  port: number,
  open: (port: number) => PooledEngine,
): Promise<BenchRow> {
  const proxy: CountingProxy = await startCountingProxy(port)
  const engine = open(proxy.port)
  try {
    const read = (): Promise<unknown> => engine.read('SELECT 1 AS a', caps, calm)
    await read()
    while (engine.pool().idle === 0) await pause(5)
    const before = proxy.trips()
    await read()
    const extra = proxy.trips() - before - 1
    return {
      id: `trips-${name}`,
      what: `round trips beyond the one of a bare query, ${name}`,
      value: extra,
      unit: 'round trips',
      peers: {},
      goal: 'at most one extra round trip on PostgreSQL and MySQL',
      met: extra <= 1,
    }
  } finally {
    await engine.close()
    await proxy.close()
  }
}

/** What the promise of the session is about, on a warm connection. */
export const trips: readonly (() => Promise<BenchRow>)[] = [
  () =>
    counted('postgres', 5_432, (port) =>
      postgres({ url: `postgres://postgres@127.0.0.1:${port}/postgres`, maxConnections: 1 }),
    ),
  () =>
    counted('mysql', 3_306, (port) =>
      mysql({ url: `mysql://root@127.0.0.1:${port}/mysql`, maxConnections: 1 }),
    ),
]
