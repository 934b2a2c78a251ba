import type { Clock } from '../clock/clock.ts'
import { SketchWindow } from '../percentile/window.ts'
import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelValues,
  MetricDefinition,
} from './definition.ts'
import type { Counter, Gauge, Histogram } from './meter.ts'
import { type Entry, SeriesTable, type SeriesBounds } from './series-table.ts'
import type { MetricSnapshot, ReadOptions, SeriesLabels } from './snapshot.ts'

/** What every instrument of the memory meter is made with. */
export interface InstrumentContext {
  readonly clock: Clock
  readonly windowMs: number
  readonly bounds: SeriesBounds
  /** Called for each observation that went into a series of its stand-in. */
  readonly onOverflow: (metric: string) => void
  /** Called for each observation that made no sense. */
  readonly onInvalid: (metric: string) => void
}

const noLabels: LabelValues = {}

interface NumberCell {
  value: number
}

/** A counter or a gauge in memory. */
export class NumberInstrument implements Counter, Gauge {
  readonly definition: CounterDefinition | GaugeDefinition
  readonly #table: SeriesTable<NumberCell>
  readonly #context: InstrumentContext
  /** The only series of a counter without labels, there from the start. */
  readonly #bare: NumberCell | undefined

  constructor(definition: CounterDefinition | GaugeDefinition, context: InstrumentContext) {
    this.definition = definition
    this.#context = context
    this.#table = new SeriesTable<NumberCell>(
      definition.labels,
      context.bounds,
      () => ({ value: 0 }),
      () => context.onOverflow(definition.name),
    )
    const isBare = definition.kind === 'counter' && definition.labels.length === 0
    this.#bare = isBare ? this.#table.find(noLabels) : undefined
  }

  add(amount: number, labels: LabelValues = noLabels): void {
    if (!Number.isFinite(amount) || (amount < 0 && this.definition.kind === 'counter')) {
      this.#context.onInvalid(this.definition.name)
    } else {
      const cell = this.#bare ?? this.#table.find(labels)
      cell.value += amount
    }
  }

  set(value: number, labels: LabelValues = noLabels): void {
    if (Number.isFinite(value)) this.#table.find(labels).value = value
    else this.#context.onInvalid(this.definition.name)
  }

  read(): MetricSnapshot {
    const series = this.#table.entries.map((entry) => ({
      labels: labelsOf(this.definition, entry),
      value: entry.series.value,
    }))
    return { kind: 'number', definition: this.definition, series }
  }
}

interface HistogramCell {
  count: number
  sum: number
  readonly bucketCounts: Float64Array
  readonly window: SketchWindow
}

/** A histogram in memory. */
export class HistogramInstrument implements Histogram {
  readonly definition: HistogramDefinition
  readonly #table: SeriesTable<HistogramCell>
  readonly #context: InstrumentContext

  constructor(definition: HistogramDefinition, context: InstrumentContext) {
    this.definition = definition
    this.#context = context
    this.#table = new SeriesTable<HistogramCell>(
      definition.labels,
      context.bounds,
      () => ({
        count: 0,
        sum: 0,
        bucketCounts: new Float64Array(definition.buckets.length + 1),
        window: new SketchWindow(context.windowMs, context.clock.now()),
      }),
      () => context.onOverflow(definition.name),
    )
  }

  record(value: number, labels: LabelValues = noLabels): void {
    if (!Number.isFinite(value) || value < 0) {
      this.#context.onInvalid(this.definition.name)
      return
    }
    const cell = this.#table.find(labels)
    const bucket = bucketOf(value, this.definition.buckets)
    cell.count++
    cell.sum += value
    cell.bucketCounts[bucket] = Number(cell.bucketCounts[bucket]) + 1
    cell.window.record(value, this.#context.clock.now())
  }

  read({ percentiles = true }: ReadOptions = {}): MetricSnapshot {
    const now = this.#context.clock.now()
    const series = this.#table.entries.map((entry) => ({
      labels: labelsOf(this.definition, entry),
      count: entry.series.count,
      sum: entry.series.sum,
      bucketCounts: Array.from(entry.series.bucketCounts),
      percentiles: percentiles ? entry.series.window.read(now) : undefined,
    }))
    return { kind: 'histogram', definition: this.definition, series }
  }
}

/** Finds the first bound that is not below the value. */
function bucketOf(value: number, bounds: readonly number[]): number {
  let from = 0
  let to = bounds.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if (value <= Number(bounds[middle])) to = middle
    else from = middle + 1
  }
  return from
}

function labelsOf(definition: MetricDefinition, entry: Entry<unknown>): SeriesLabels {
  return definition.labels
    .map((name, index) => [name, entry.labels[index] ?? ''] as const)
    .filter(([, value]) => value !== '')
}
