// What happens when many callers leave.
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import type { PooledEngine } from '@t2t/database'
import {
  faultSubjects,
  type FaultSubject,
  type Watcher,
} from '../../packages/database/test/server-faults/watched-server.ts'
import type { BenchRow } from '../report/bench.ts'

const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }

/** The kinds of servers of which this machine can start one. */
export const servers: readonly FaultSubject[] = faultSubjects.filter(({ isThere }) => isThere)

async function withServer<Value>(
  subject: FaultSubject,
  body: (engine: PooledEngine, watcher: Watcher) => Promise<Value>,
): Promise<Value> {
  const server = await subject.start(260)
  const engine = subject.open(server.url, 200)
  const watcher = await subject.watch(server.url)
  try {
    return await body(engine, watcher)
  } finally {
    await engine.close()
    await watcher.close()
    await server.stop()
  }
}

/** Cancels 200 running queries and waits until the server runs none of them. */
export function storm(subject: FaultSubject): Promise<BenchRow> {
  return withServer(subject, async (engine, watcher) => {
    const controller = new AbortController()
    // Few of them compute, so that the machine has time for the others to begin.
    const readings = Array.from({ length: 200 }, (_nothing, place) =>
      engine
        .read(place < 4 ? subject.eternity : subject.waiting(600), caps, controller.signal)
        .catch(() => 'ended'),
    )
    while ((await watcher.connections('running')) < 200) await pause(20)
    const startedAt = performance.now()
    controller.abort('enough')
    while ((await watcher.connections('running')) > 0) await setImmediate()
    const endedMs = performance.now() - startedAt
    await Promise.all(readings)
    return {
      id: `cancel-200-${subject.name}`,
      what: `until 200 cancelled queries have left the server, ${subject.name}`,
      value: endedMs,
      unit: 'ms',
      peers: {},
      goal: 'Cancelling 200 running queries leaves zero running on the server within one second',
      met: endedMs <= 1_000,
    }
  })
}

/** Aborts readings at changing moments and counts connections that are not given back. */
export function aborts(subject: FaultSubject, count: number): Promise<BenchRow> {
  return withServer(subject, async (engine, watcher) => {
    const texts = ['SELECT 1', subject.manyRows(5_000), subject.waiting(0.01), 'SELECT x']
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
    // MySQL cancels over one connection more.
    const known = engine.pool().size + (subject.name === 'mysql' ? 1 : 0)
    const leaked = Math.max(0, (await watcher.connections('all')) - known)
    return {
      id: `aborts-${subject.name}`,
      what: `connections lost after ${count} aborts, ${subject.name}`,
      value: leaked,
      unit: 'connections',
      peers: {},
      goal: '10,000 random aborts leak no connection',
      met: count >= 10_000 ? leaked === 0 : null,
    }
  })
}

/** An engine with a server behind it, as a place to read many rows from. */
export function readingFrom<Value>(
  subject: FaultSubject,
  body: (engine: PooledEngine, manyRows: (count: number) => string) => Promise<Value>,
): Promise<Value> {
  return withServer(subject, (engine) => body(engine, (count) => subject.manyRows(count)))
}
