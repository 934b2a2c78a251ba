import { setImmediate } from 'node:timers/promises'
import type { PooledEngine } from '@t2t/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atRest, until } from '../engine/server-behaviour.ts'
import type { OwnServer } from './own-process.ts'
import { faultSubjects, type Watcher } from './watched-server.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }

for (const subject of faultSubjects) {
  describe.skipIf(!subject.isThere)(`${subject.name} under faults`, () => {
    let server: OwnServer
    let engine: PooledEngine
    let watcher: Watcher

    beforeAll(async () => {
      server = await subject.start(240)
      engine = subject.open(server.url, 200)
      watcher = await subject.watch(server.url)
    }, 240_000)

    afterAll(async () => {
      await engine.close()
      await watcher.close()
      await server.stop()
    })

    const running = (): Promise<number> => watcher.connections('running')
    /** Fails when a query that should wait has ended by itself. */
    const untilRunning = async (count: number, queries: readonly Promise<unknown>[]) => {
      let early: unknown
      for (const query of queries) void query.then((end) => (early ??= end))
      await until(async () => early !== undefined || (await running()) === count)
      expect(early).toBeUndefined()
    }

    it('ends 200 queries that callers do not want any more', async () => {
      const controller = new AbortController()
      const start = (sql: string): Promise<unknown> =>
        engine.read(sql, caps, controller.signal).catch((error: unknown) => error)
      const waiting = Array.from({ length: 196 }, () => start(subject.waiting(600)))
      await untilRunning(196, waiting)
      // Few of them compute, and last of all, so that the machine has time for the others to begin.
      const readings = [...waiting, ...Array.from({ length: 4 }, () => start(subject.eternity))]
      await untilRunning(200, readings)

      controller.abort('enough')
      const ends = await Promise.all(readings)

      expect(ends).toEqual(Array.from({ length: 200 }, () => 'enough'))
      await until(async () => (await running()) === 0)
    }, 240_000)

    it('leaks no connection, whenever callers go', async () => {
      const texts = ['SELECT 1', subject.manyRows(5_000), subject.waiting(0.01), 'SELECT x']
      const readings = Array.from({ length: 300 }, async (_nothing, place) => {
        const controller = new AbortController()
        const reading = engine.read(texts[place % 4] ?? '', caps, controller.signal).then(
          () => 'rows',
          (error: unknown) => (error === 'left' ? 'left' : 'failed'),
        )
        for (let turn = 0; turn < place % 23; turn++) await setImmediate()
        controller.abort('left')
        return reading
      })

      const ends = await Promise.all(readings)
      await atRest(engine)

      expect(new Set(ends)).toContain('left')
      expect(engine.pool()).toMatchObject({ waiting: 0 })
      expect((await engine.read('SELECT 7', caps, calm)).rows).toEqual([[7]])
      await atRest(engine)
      // MySQL cancels over one connection more.
      const most = engine.pool().size + (subject.name === 'mysql' ? 1 : 0)
      await until(async () => (await watcher.connections('all')) <= most)
    }, 240_000)

    it('stops the server when a cap is reached, however much follows', async () => {
      const { rows, truncated } = await engine.read(subject.manyRows(5_000_000), caps, calm)

      expect([rows.length, truncated]).toEqual([10, { cap: 'rows', limit: 10, rowsSeen: 11 }])
      await until(async () => (await running()) === 0)
    })

    it('says so to every caller when the server dies, and reads again when it is back', async () => {
      const readings = Array.from({ length: 100 }, () =>
        engine.read(subject.waiting(60), caps, calm).then(
          () => 'rows',
          (error: unknown) => error,
        ),
      )
      await until(async () => (await running()) === 100)

      await server.killHard()
      const ends = await Promise.all(readings)
      const away = await engine.read('SELECT 7', caps, calm).catch((error: unknown) => error)
      await server.start()
      const back = await engine.read('SELECT 7', caps, calm)

      for (const end of [...ends, away]) {
        expect(end).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true })
      }
      expect(back.rows).toEqual([[7]])
    }, 240_000)
  })
}
