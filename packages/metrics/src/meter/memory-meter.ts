import { invalidObservations, overflowObservations } from '../catalogue/area/self.ts'
import { type Clock, systemClock } from '../clock/clock.ts'
import { DefinitionConflictError, OptionInvalidError } from '../errors/errors.ts'
import {
  checkDefinition,
  type CounterDefinition,
  type GaugeDefinition,
  isSameDefinition,
  type MetricDefinition,
} from './definition.ts'
import { HistogramInstrument, NumberInstrument, type InstrumentContext } from './instruments.ts'
import type { Meter } from './meter.ts'
import type { MetricSource } from './snapshot.ts'

/** Options for {@link createMeter}. */
export interface MeterOptions {
  /**
   * Different values that one label of one metric may have. Those that come later are counted as
   * `other`. An integer from 1 up.
   * @defaultValue 100
   */
  readonly maxValuesPerLabel?: number | undefined
  /**
   * Label sets that one metric may have. Those that come later are counted in one series whose
   * labels are all `other`. An integer from 1 up.
   * @defaultValue 1000
   */
  readonly maxSeriesPerMetric?: number | undefined
  /**
   * Length of the window of percentiles, in milliseconds: they cover the last one to two windows.
   * @defaultValue 300000
   */
  readonly windowMs?: number | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/** A meter that keeps its metrics in memory, to be read by an export. */
export interface MemoryMeter extends Meter, MetricSource {}

/**
 * Creates a meter that keeps metrics in memory.
 *
 * Its memory is bounded whatever the labels hold: `t2t.metrics.overflows` counts observations
 * that went into a series called `other`, and `t2t.metrics.invalid` those that were dropped
 * because their value made no sense.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { createMeter } from '@t2t/metrics'
 * import { prometheusText } from '@t2t/metrics/prometheus'
 *
 * const meter = createMeter()
 * const orders = meter.counter({
 *   kind: 'counter',
 *   name: 'shop.orders',
 *   unit: '{order}',
 *   description: 'Orders that were placed.',
 *   labels: ['country'],
 * })
 * orders.add(1, { country: 'PT' })
 * const text = prometheusText(meter)
 * ```
 */
export function createMeter(options: MeterOptions = {}): MemoryMeter {
  const {
    maxValuesPerLabel = 100,
    maxSeriesPerMetric = 1_000,
    windowMs = 300_000,
    clock = systemClock,
  } = options
  for (const [name, value] of Object.entries({ maxValuesPerLabel, maxSeriesPerMetric, windowMs })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new OptionInvalidError(`${name} must be an integer from 1 up, got ${value}.`)
    }
  }

  const instruments = new Map<string, NumberInstrument | HistogramInstrument>()
  const callbacks = new Set<() => void>()
  const quiet = { clock, windowMs, onOverflow: ignore, onInvalid: ignore }
  const unbounded = { maxValuesPerLabel: Infinity, maxSeries: Infinity }
  const overflows = new NumberInstrument(overflowObservations, { ...quiet, bounds: unbounded })
  const invalid = new NumberInstrument(invalidObservations, { ...quiet, bounds: unbounded })
  const context: InstrumentContext = {
    clock,
    windowMs,
    bounds: { maxValuesPerLabel, maxSeries: maxSeriesPerMetric },
    onOverflow: (metric) => overflows.add(1, { [metricLabel]: metric }),
    onInvalid: (metric) => invalid.add(1, { [metricLabel]: metric }),
  }
  for (const own of [overflows, invalid]) instruments.set(keyOf(own.definition), own)

  function known(definition: MetricDefinition): NumberInstrument | HistogramInstrument | undefined {
    const found = instruments.get(keyOf(definition))
    if (found !== undefined && !isSameDefinition(found.definition, definition)) {
      throw new DefinitionConflictError(
        `Metric ${definition.name} was asked for before with another definition.`,
      )
    }
    return found
  }
  function numberInstrument(definition: CounterDefinition | GaugeDefinition): NumberInstrument {
    const found = known(definition)
    if (found instanceof NumberInstrument) return found
    checkDefinition(definition)
    const created = new NumberInstrument(definition, context)
    instruments.set(keyOf(definition), created)
    return created
  }

  return {
    counter: numberInstrument,
    gauge: numberInstrument,
    histogram(definition) {
      const found = known(definition)
      if (found instanceof HistogramInstrument) return found
      checkDefinition(definition)
      const created = new HistogramInstrument(definition, context)
      instruments.set(keyOf(definition), created)
      return created
    },
    beforeRead(callback) {
      const own = (): void => callback()
      callbacks.add(own)
      return () => void callbacks.delete(own)
    },
    read(options) {
      for (const callback of callbacks) attempt(callback)
      return [...instruments.values()]
        .map((instrument) => instrument.read(options))
        .toSorted((left, right) => (left.definition.name < right.definition.name ? -1 : 1))
    },
  }
}

const metricLabel = 't2t.metric'

/** Names that look the same in an export are one name. */
function keyOf(definition: MetricDefinition): string {
  return definition.name.replaceAll('.', '_')
}

function ignore(): void {}

function attempt(callback: () => void): void {
  try {
    callback()
  } catch {
    // A value that cannot be had now must not cost the others.
  }
}
