import assert from 'node:assert/strict'
import type { LabelValues } from './definition.ts'
import type { Meter } from './meter.ts'

/** A meter under test, with a way to read what it holds. */
export interface MeterFixture {
  readonly meter: Meter
  /**
   * Gives the value of a counter or gauge, or the number of observations of a histogram, for one
   * label set; absent when there is none.
   */
  readonly read: (
    metric: string,
    labels: LabelValues,
  ) => number | undefined | Promise<number | undefined>
}

/** One thing that every meter must do. */
export interface MeterPromise {
  /** A sentence whose subject is the meter. */
  readonly promise: string
  /** Rejects when the meter does not do it. */
  readonly check: (createFixture: () => MeterFixture) => Promise<void>
}

const counter = {
  kind: 'counter',
  name: 'contract.calls',
  unit: '{call}',
  description: 'Calls.',
  labels: ['contract.kind'],
} as const
const gauge = {
  kind: 'gauge',
  name: 'contract.open',
  unit: '{thing}',
  description: 'Things that are open.',
  labels: [],
} as const
const histogram = {
  kind: 'histogram',
  name: 'contract.duration',
  unit: 's',
  description: 'Time.',
  labels: ['contract.kind'],
  buckets: [0.1, 1],
} as const
const useless = [Number.NaN, Number.POSITIVE_INFINITY, -1]

/**
 * What every {@link Meter} must do.
 *
 * @example
 * ```ts
 * import { createMeter } from '@t2t/metrics'
 * import { meterContract } from '@t2t/metrics/testing'
 *
 * for (const { check } of meterContract) {
 *   await check(() => ({ meter: createMeter(), read: () => undefined }))
 * }
 * ```
 */
export const meterContract: readonly MeterPromise[] = [
  {
    promise: 'adds up a counter for each label set',
    async check(createFixture) {
      const { meter, read } = createFixture()
      const calls = meter.counter(counter)
      calls.add(1, { 'contract.kind': 'a' })
      calls.add(2, { 'contract.kind': 'a' })
      calls.add(5, { 'contract.kind': 'b' })
      assert.equal(await read('contract.calls', { 'contract.kind': 'a' }), 3)
      assert.equal(await read('contract.calls', { 'contract.kind': 'b' }), 5)
    },
  },
  {
    promise: 'replaces and changes the value of a gauge',
    async check(createFixture) {
      const { meter, read } = createFixture()
      const open = meter.gauge(gauge)
      open.set(7)
      open.add(-2)
      assert.equal(await read('contract.open', {}), 5)
    },
  },
  {
    promise: 'counts the observations of a histogram',
    async check(createFixture) {
      const { meter, read } = createFixture()
      const duration = meter.histogram(histogram)
      for (const value of [0, 0.1, 50]) duration.record(value, { 'contract.kind': 'a' })
      assert.equal(await read('contract.duration', { 'contract.kind': 'a' }), 3)
    },
  },
  {
    promise: 'gives one metric to everybody who asks with the same definition',
    async check(createFixture) {
      const { meter, read } = createFixture()
      meter.counter(counter).add(1, { 'contract.kind': 'a' })
      meter.counter({ ...counter }).add(1, { 'contract.kind': 'a' })
      assert.equal(await read('contract.calls', { 'contract.kind': 'a' }), 2)
    },
  },
  {
    promise: 'refuses a second definition under a name that is taken',
    async check(createFixture) {
      const { meter } = createFixture()
      meter.counter(counter)
      assert.throws(() => meter.gauge({ ...counter, kind: 'gauge' }), {
        code: 'METRICS_DEFINITION_CONFLICT',
      })
    },
  },
  {
    promise: 'refuses a name that no export could spell',
    async check(createFixture) {
      const { meter } = createFixture()
      assert.throws(() => meter.counter({ ...counter, name: 'Contract-Calls' }), {
        code: 'METRICS_DEFINITION_INVALID',
      })
    },
  },
  {
    promise: 'drops values that make no sense, without throwing',
    async check(createFixture) {
      const { meter, read } = createFixture()
      const calls = meter.counter(counter)
      const duration = meter.histogram(histogram)
      for (const value of useless) {
        calls.add(value, { 'contract.kind': 'a' })
        duration.record(value, { 'contract.kind': 'a' })
      }
      calls.add(1, { 'contract.kind': 'a' })
      assert.equal(await read('contract.calls', { 'contract.kind': 'a' }), 1)
      assert.equal((await read('contract.duration', { 'contract.kind': 'a' })) ?? 0, 0)
    },
  },
  {
    promise: 'calls back before it is read, until that is ended',
    async check(createFixture) {
      const { meter, read } = createFixture()
      const open = meter.gauge(gauge)
      meter.beforeRead(() => {
        throw new Error('broken callback')
      })
      const end = meter.beforeRead(() => open.add(1))
      open.set(0)
      assert.ok(Number(await read('contract.open', {})) >= 1)
      end()
      open.set(0)
      assert.equal(await read('contract.open', {}), 0)
    },
  },
]
