import type { LabelValues, MetricDefinition } from './definition.ts'
import type { Meter } from './meter.ts'

/** One thing that a meter was told. */
export interface Observation {
  /** Name of the metric. */
  readonly metric: string
  readonly action: 'add' | 'set' | 'record'
  readonly value: number
  /** Only labels that have a value. */
  readonly labels: Readonly<Record<string, string>>
}

/** A meter that keeps what it was told, for tests. */
export interface RecordingMeter extends Meter {
  /** In the order in which they came. */
  readonly observations: readonly Observation[]
  /** Every definition that was asked for, each once. */
  readonly definitions: readonly MetricDefinition[]
  /** Calls back what was given to `beforeRead`. */
  callBack(): void
}

/**
 * Creates a meter that keeps every observation as it came: nothing is summed, bounded or dropped.
 *
 * @example
 * ```ts
 * import { createRecordingMeter } from '@t2t/metrics/testing'
 * import { observeSqlGuard } from '@t2t/metrics/sql-guard'
 *
 * const meter = createRecordingMeter()
 * const listener = observeSqlGuard(meter)
 * listener({ type: 'query-allowed', dialect: 'sqlite', policy: 'a', durationMs: 1, tables: 1 })
 * const [first] = meter.observations
 * ```
 */
export function createRecordingMeter(): RecordingMeter {
  const observations: Observation[] = []
  const definitions = new Map<string, MetricDefinition>()
  const callbacks = new Set<() => void>()

  function instrument(definition: MetricDefinition): {
    add(value: number, labels?: LabelValues): void
    set(value: number, labels?: LabelValues): void
    record(value: number, labels?: LabelValues): void
  } {
    definitions.set(definition.name, definition)
    const keep =
      (action: Observation['action']) =>
      (value: number, labels: LabelValues = {}): void => {
        const present = Object.entries(labels).flatMap(([name, label]) =>
          label === undefined || label === '' ? [] : [[name, label] as const],
        )
        observations.push({
          metric: definition.name,
          action,
          value,
          labels: Object.fromEntries(present),
        })
      }
    return { add: keep('add'), set: keep('set'), record: keep('record') }
  }

  return {
    observations,
    get definitions() {
      return [...definitions.values()]
    },
    counter: instrument,
    gauge: instrument,
    histogram: instrument,
    beforeRead(callback) {
      const own = (): void => callback()
      callbacks.add(own)
      return () => void callbacks.delete(own)
    },
    callBack() {
      for (const callback of callbacks) callback()
    },
  }
}
