import { DefinitionConflictError } from '../errors/errors.ts'
import {
  checkDefinition,
  isSameDefinition,
  type LabelValues,
  type MetricDefinition,
} from '../meter/definition.ts'
import type { Counter, Gauge, Histogram, Meter } from '../meter/meter.ts'
import { SeriesTable } from '../meter/series-table.ts'

/** Attributes of an observation, as OpenTelemetry takes them. */
export type OpenTelemetryAttributes = Record<string, string>

/** What is used of a meter of `@opentelemetry/api`; any version of it fits. */
export interface OpenTelemetryApiMeter {
  createCounter(name: string, options: OpenTelemetryMetricOptions): OpenTelemetryCounter
  createHistogram(name: string, options: OpenTelemetryMetricOptions): OpenTelemetryHistogram
  createObservableGauge(name: string, options: OpenTelemetryMetricOptions): OpenTelemetryObservable
}

/** How a metric is described to OpenTelemetry. */
export interface OpenTelemetryMetricOptions {
  description: string
  unit: string
  advice?: { explicitBucketBoundaries?: number[] }
}

/** What is used of a counter of OpenTelemetry. */
export interface OpenTelemetryCounter {
  add(value: number, attributes: OpenTelemetryAttributes): void
}

/** What is used of a histogram of OpenTelemetry. */
export interface OpenTelemetryHistogram {
  record(value: number, attributes: OpenTelemetryAttributes): void
}

/** What is used of an observable of OpenTelemetry. */
export interface OpenTelemetryObservable {
  addCallback(callback: (result: OpenTelemetryResult) => void): void
}

/** Takes the values of an observable of OpenTelemetry. */
export interface OpenTelemetryResult {
  observe(value: number, attributes: OpenTelemetryAttributes): void
}

interface Cell {
  value: number
}

/** Label sets that one gauge may have; counters and histograms are bounded by the SDK. */
const gaugeBounds = { maxValuesPerLabel: 100, maxSeries: 1_000 }

/**
 * Sends metrics to OpenTelemetry: to whatever SDK the process has set up, or nowhere.
 *
 * Names, units, descriptions and buckets are those of the definitions. The SDK bounds the number
 * of label sets; the reader decides about temporality. Callbacks of `beforeRead` run when a
 * gauge is collected.
 *
 * @example
 * ```ts
 * import { metrics } from '@opentelemetry/api'
 * import { openTelemetryMeter } from '@t2t/metrics/opentelemetry'
 * import { observeSqlGuard } from '@t2t/metrics/sql-guard'
 *
 * const onEvent = observeSqlGuard(openTelemetryMeter(metrics.getMeter('t2t')))
 * ```
 */
export function openTelemetryMeter(api: OpenTelemetryApiMeter): Meter {
  const known = new Map<string, { definition: MetricDefinition; instrument: unknown }>()
  const callbacks = new Set<() => void>()
  let isRefreshed = false

  /** Runs the callbacks once a collection, which asks for all gauges in one tick. */
  function refresh(): void {
    if (isRefreshed) return
    isRefreshed = true
    queueMicrotask(() => {
      isRefreshed = false
    })
    for (const callback of callbacks) attempt(callback)
  }
  function once<Instrument>(definition: MetricDefinition, create: () => Instrument): Instrument {
    const key = definition.name.replaceAll('.', '_')
    const found = known.get(key)
    if (found === undefined) {
      checkDefinition(definition)
      const instrument = create()
      known.set(key, { definition, instrument })
      return instrument
    }
    if (!isSameDefinition(found.definition, definition)) {
      throw new DefinitionConflictError(
        `Metric ${definition.name} was asked for before with another definition.`,
      )
    }
    // Same definition, so the same kind of instrument was made for it.
    return found.instrument as Instrument
  }

  return {
    counter: (definition) =>
      once(definition, (): Counter => {
        const counter = api.createCounter(definition.name, optionsOf(definition))
        return {
          add: (amount, labels) => {
            if (isSound(amount)) counter.add(amount, attributesOf(definition, labels))
          },
        }
      }),
    gauge: (definition) =>
      once(definition, (): Gauge => {
        const table = new SeriesTable<Cell>(definition.labels, gaugeBounds, newCell, ignore)
        api.createObservableGauge(definition.name, optionsOf(definition)).addCallback((result) => {
          refresh()
          for (const { labels, series } of table.entries) {
            const named = Object.fromEntries(
              definition.labels.map((name, index) => [name, labels[index]]),
            )
            result.observe(series.value, attributesOf(definition, named))
          }
        })
        return {
          set: (value, labels = {}) => {
            if (Number.isFinite(value)) table.find(labels).value = value
          },
          add: (change, labels = {}) => {
            if (Number.isFinite(change)) table.find(labels).value += change
          },
        }
      }),
    histogram: (definition) =>
      once(definition, (): Histogram => {
        const histogram = api.createHistogram(definition.name, {
          ...optionsOf(definition),
          advice: { explicitBucketBoundaries: [...definition.buckets] },
        })
        return {
          record: (value, labels) => {
            if (isSound(value)) histogram.record(value, attributesOf(definition, labels))
          },
        }
      }),
    beforeRead(callback) {
      const own = (): void => callback()
      callbacks.add(own)
      return () => void callbacks.delete(own)
    },
  }
}

function optionsOf({ description, unit }: MetricDefinition): OpenTelemetryMetricOptions {
  return { description, unit }
}

/** Takes over declared labels that have a value, and nothing else. */
function attributesOf(
  definition: MetricDefinition,
  labels: LabelValues = {},
): OpenTelemetryAttributes {
  const attributes: OpenTelemetryAttributes = {}
  for (const name of definition.labels) {
    const value = labels[name]
    if (value !== undefined && value !== '') attributes[name] = value
  }
  return attributes
}

function isSound(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

function newCell(): Cell {
  return { value: 0 }
}

function ignore(): void {}

function attempt(callback: () => void): void {
  try {
    callback()
  } catch {
    // A value that cannot be had now must not cost the others.
  }
}
