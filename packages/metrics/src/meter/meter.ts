import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelValues,
} from './definition.ts'

/**
 * Takes observations.
 *
 * Implement this to send metrics somewhere else, then run `meterContract` from
 * `@t2t/metrics/testing` against it: the contract is the specification. Instruments sit in the
 * middle of other people's calls, so an observation must never throw and never wait; one that
 * makes no sense (not finite, a counter that shrinks) is dropped.
 */
export interface Meter {
  /**
   * Gives the counter with this definition, always the same one.
   *
   * @throws `DefinitionInvalidError` when no end could export it.
   * @throws `DefinitionConflictError` when the name is taken by another definition.
   */
  counter<const Label extends string>(definition: CounterDefinition<Label>): Counter<Label>
  /** Gives the gauge with this definition; throws like {@link Meter.counter}. */
  gauge<const Label extends string>(definition: GaugeDefinition<Label>): Gauge<Label>
  /** Gives the histogram with this definition; throws like {@link Meter.counter}. */
  histogram<const Label extends string>(definition: HistogramDefinition<Label>): Histogram<Label>
  /**
   * Calls back before each time the metrics are read, so that what has a value at any moment (an
   * age, a pool) is set then. What the callback throws is ignored.
   *
   * @returns a function that ends it.
   */
  beforeRead(callback: () => void): () => void
}

/** A metric that only grows. */
export interface Counter<Label extends string = string> {
  /** Adds `amount`, a finite number from 0 up. */
  add(amount: number, labels?: LabelValues<Label>): void
}

/** A metric that goes up and down. */
export interface Gauge<Label extends string = string> {
  /** Replaces the value; a finite number. */
  set(value: number, labels?: LabelValues<Label>): void
  /** Adds to the value, or takes from it; a finite number. */
  add(change: number, labels?: LabelValues<Label>): void
}

/** A metric that keeps how its values are distributed. */
export interface Histogram<Label extends string = string> {
  /** Records one value, a finite number from 0 up, in the unit of the metric. */
  record(value: number, labels?: LabelValues<Label>): void
}
