import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import {
  type EngineContractCase,
  boundless,
  calm,
  codeOf,
  countingOf,
  errorOf,
  generous,
  hurriedClock,
  promise,
  rowsOf,
} from './subject.ts'

/** Cases about how readings end. */
export const endingCases: readonly EngineContractCase[] = [
  promise(
    'ends a reading that takes too long, and answers afterwards',
    async ({ engine }, subject) => {
      const counting = countingOf(subject)
      const tooLong = await errorOf(
        engine.read(counting(1e9), { ...boundless, timeoutMs: 5_000 }, calm),
      )

      assert.equal(codeOf(tooLong), 'DATABASE_QUERY_TIMED_OUT')
      assert.deepEqual(await rowsOf(engine, 'SELECT 7 AS seven'), [[7]])
    },
    hurriedClock,
  ),
  promise('rejects with the reason of a signal that is aborted already', async ({ engine }) => {
    const reason = new Error('gone')

    const error = await errorOf(engine.read('SELECT 1', generous, AbortSignal.abort(reason)))

    assert.equal(error, reason)
  }),
  promise(
    'ends a running reading on abort, and answers afterwards',
    async ({ engine }, subject) => {
      const counting = countingOf(subject)
      const controller = new AbortController()
      const reason = new Error('enough')

      const reading = errorOf(engine.read(counting(1e9), boundless, controller.signal))
      await setImmediate()
      controller.abort(reason)

      assert.equal(await reading, reason)
      assert.deepEqual(await rowsOf(engine, 'SELECT 7 AS seven'), [[7]])
    },
  ),
  promise('ends a running reading when it is closed', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    const reading = errorOf(engine.read(counting(1e9), boundless, calm))
    await setImmediate()
    await engine.close()

    assert.equal(codeOf(await reading), 'DATABASE_CLOSED')
  }),
  promise('reads for several callers at the same time', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    const sizes = [1_000, 3, 600, 1]

    const results = await Promise.all(
      sizes.map((size) => engine.read(counting(size), generous, calm)),
    )

    assert.deepEqual(
      results.map(({ rows }) => rows.length),
      sizes,
    )
  }),
]
