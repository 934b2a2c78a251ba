// What happens when many callers leave, and when a result is much larger than its cap.
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { postgres, type PooledEngine } from '@t2t/database/postgres'
import pg from 'pg'
import {
  startOwnServer,
  type OwnServer,
} from '../../packages/database/test/server-faults/own-server.ts'
import type { BenchRow } from '../report/bench.ts'

const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }
const eternity = 'SELECT count(*) FROM generate_series(1, 100000000000)'
const ours = "FROM pg_stat_activity WHERE application_name = 't2t'"

async function withServer<Value>(
  body: (engine: PooledEngine, watcher: pg.Client) => Promise<Value>,
): Promise<Value> {
  const server: OwnServer = await startOwnServer(260)
  const engine = postgres({ url: server.url, maxConnections: 200 })
  const watcher = new pg.Client(server.url)
  await watcher.connect()
  try {
    return await body(engine, watcher)
  } finally {
    await engine.close()
    await watcher.end()
    await server.stop()
  }
}

async function counted(watcher: pg.Client, condition: string): Promise<number> {
  const { rows } = await watcher.query<{ n: number }>(
    `SELECT count(*)::int AS n ${ours} ${condition}`,
  )
  return rows[0]?.n ?? -1
}

/** Cancels 200 running queries and waits until the server runs none of them. */
export function storm(): Promise<BenchRow> {
  return withServer(async (engine, watcher) => {
    const controller = new AbortController()
    // Few of them compute, so that the machine has time for the others to begin.
    const readings = Array.from({ length: 200 }, (_nothing, place) =>
      engine
        .read(place < 4 ? eternity : 'SELECT pg_sleep(600)', caps, controller.signal)
        .catch(() => 'ended'),
    )
    while ((await counted(watcher, "AND state = 'active'")) < 200) await pause(20)
    const startedAt = performance.now()
    controller.abort('enough')
    while ((await counted(watcher, "AND state = 'active'")) > 0) await setImmediate()
    const endedMs = performance.now() - startedAt
    await Promise.all(readings)
    return {
      id: 'cancel-200',
      what: 'until 200 cancelled queries have left the server',
      value: endedMs,
      unit: 'ms',
      peers: {},
      goal: 'Cancelling 200 running queries leaves zero running on the server within one second',
      met: endedMs <= 1_000,
    }
  })
}

/** Aborts readings at changing moments and counts connections that are not given back. */
export function aborts(count: number): Promise<BenchRow> {
  return withServer(async (engine, watcher) => {
    const texts = [
      'SELECT 1',
      'SELECT generate_series(1, 5000)',
      'SELECT pg_sleep(0.01)',
      'SELECT x',
    ]
    let place = 0
    const caller = async (): Promise<void> => {
      while (place < count) {
        place += 1
        const turns = (place * 7) % 29
        const controller = new AbortController()
        const reading = engine.read(texts[place % 4] ?? '', caps, controller.signal).catch(() => 0)
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        controller.abort('left')
        await reading
      }
    }
    await Promise.all(Array.from({ length: 20 }, caller))
    for (;;) {
      const { size, idle } = engine.pool()
      if (size === idle) break
      await setImmediate()
    }
    await pause(200)
    const leaked = (await counted(watcher, '')) - engine.pool().size
    return {
      id: 'aborts',
      what: `connections lost after ${count} aborts`,
      value: leaked,
      unit: 'connections',
      peers: {},
      goal: '10,000 random aborts leak no connection',
      met: count >= 10_000 ? leaked === 0 : null,
    }
  })
}

/** Reads 5 million rows to a cap of 10,000 and looks at the memory meanwhile. */
export function memory(): Promise<readonly BenchRow[]> {
  return withServer(async (engine) => {
    const large = { maxRows: 10_000, maxBytes: 100_000_000, timeoutMs: 60_000 }
    const text = "SELECT i, repeat('x', 100) AS filler FROM generate_series(1, 5000000) AS s(i)"
    const calm = new AbortController().signal
    await engine.read('SELECT 1', large, calm)
    globalThis.gc?.()
    const idle = process.memoryUsage().heapUsed
    let peak = idle
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().heapUsed)
    }, 1)
    const startedAt = performance.now()
    const { rows, truncated } = await engine.read(text, large, calm)
    const tookMs = performance.now() - startedAt
    peak = Math.max(peak, process.memoryUsage().heapUsed)
    clearInterval(timer)
    if (rows.length !== 10_000 || truncated === undefined) throw new Error('The cap did not act.')
    const above = (peak - idle) / 1_048_576
    return [
      {
        id: 'memory-5-million',
        what: '5 million rows read to a cap of 10,000, heap above idle',
        value: above,
        unit: 'MiB',
        peers: { 'took, ms': tookMs },
        goal: 'holds at most 50 MB above the idle heap',
        met: above * 1.048576 <= 50,
      },
    ]
  })
}
