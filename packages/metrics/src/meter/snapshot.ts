import type { Percentiles } from '../percentile/window.ts'
import type { CounterDefinition, GaugeDefinition, HistogramDefinition } from './definition.ts'

/** What a meter holds at one moment; what exports are made from. */
export interface MetricSource {
  /** Reads every metric that was asked for, in the order of their names. */
  read(options?: ReadOptions): readonly MetricSnapshot[]
}

/** What to read of each metric. */
export interface ReadOptions {
  /**
   * Whether to work out percentiles, which is most of what reading a histogram costs.
   * @defaultValue true
   */
  readonly percentiles?: boolean | undefined
}

/** One metric at one moment. */
export type MetricSnapshot =
  | {
      readonly kind: 'number'
      readonly definition: CounterDefinition | GaugeDefinition
      readonly series: readonly NumberSeries[]
    }
  | {
      readonly kind: 'histogram'
      readonly definition: HistogramDefinition
      readonly series: readonly HistogramSeries[]
    }

/** Labels that have a value, in the order of the definition. */
export type SeriesLabels = readonly (readonly [name: string, value: string])[]

/** One label set of a counter or gauge. */
export interface NumberSeries {
  readonly labels: SeriesLabels
  readonly value: number
}

/** One label set of a histogram. */
export interface HistogramSeries {
  readonly labels: SeriesLabels
  readonly count: number
  readonly sum: number
  /** Observations in each bucket alone; one more than the definition has bounds. */
  readonly bucketCounts: readonly number[]
  /** Of the last one to two windows; absent when nothing was observed in them, or not asked for. */
  readonly percentiles: Percentiles | undefined
}
