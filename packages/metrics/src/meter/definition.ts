import { DefinitionInvalidError } from '../errors/errors.ts'

/**
 * What one metric is called, counts and means.
 *
 * Names and labels follow OpenTelemetry: lower case, words joined by dots and underscores. Each
 * export derives its own spelling: `db.client.operation.duration` in `s` becomes
 * `db_client_operation_duration_seconds` for Prometheus.
 */
export type MetricDefinition<Label extends string = string> =
  | CounterDefinition<Label>
  | GaugeDefinition<Label>
  | HistogramDefinition<Label>

interface DefinitionBase<Label extends string> {
  /** Such as `db.client.operation.duration`. Without unit and without `total`. */
  readonly name: string
  /** In UCUM: `s`, `By`, `1`, or a word in braces such as `{row}`. */
  readonly unit: string
  /** One sentence for the person who reads the dashboard. */
  readonly description: string
  /** Every label that an observation may carry; no others are kept. */
  readonly labels: readonly Label[]
}

/** A metric that only grows. */
export interface CounterDefinition<Label extends string = string> extends DefinitionBase<Label> {
  readonly kind: 'counter'
}

/** A metric that goes up and down. */
export interface GaugeDefinition<Label extends string = string> extends DefinitionBase<Label> {
  readonly kind: 'gauge'
}

/** A metric that keeps how its values are distributed. */
export interface HistogramDefinition<Label extends string = string> extends DefinitionBase<Label> {
  readonly kind: 'histogram'
  /** Upper bounds, each included in its bucket, ascending; one without a bound is added. */
  readonly buckets: readonly number[]
}

/** Values of labels. A label that is absent or empty is left out of the export. */
export type LabelValues<Label extends string = string> = {
  readonly [Name in Label]?: string | undefined
}

const namePattern = /^[a-z][a-z0-9]*(?:[._][a-z0-9]+)*$/
const unitPattern = /^(?:s|By|1|\{[a-z_]+\})$/
/** Prometheus and the exports use these themselves. */
const reservedLabels = new Set(['le', 'quantile', 'job', 'instance', 'constructor'])
const reservedEndings = /(?:^|[._])(?:total|bucket|sum|count|info)$/

/**
 * Checks that every end can export a metric.
 *
 * @throws {@link DefinitionInvalidError} when one of them cannot.
 */
export function checkDefinition(definition: MetricDefinition): void {
  const { name, unit, labels } = definition
  if (!namePattern.test(name)) {
    throw new DefinitionInvalidError(
      `A metric name is lower-case words joined by dots and underscores, got ${JSON.stringify(name)}.`,
    )
  }
  if (reservedEndings.test(name)) {
    throw new DefinitionInvalidError(
      `The name of metric ${name} ends in a word that exports add by themselves.`,
    )
  }
  if (!unitPattern.test(unit)) {
    throw new DefinitionInvalidError(
      `The unit of metric ${name} must be s, By, 1 or a word in braces, got ${JSON.stringify(unit)}.`,
    )
  }
  for (const [index, label] of labels.entries()) {
    const isFree = labels.findIndex((other) => sameInPrometheus(other, label)) === index
    if (!namePattern.test(label) || reservedLabels.has(label) || !isFree) {
      throw new DefinitionInvalidError(
        `Metric ${name} cannot have a label called ${JSON.stringify(label)} at this place.`,
      )
    }
  }
  if (definition.kind === 'histogram') checkBuckets(name, definition.buckets)
}

function checkBuckets(name: string, buckets: readonly number[]): void {
  const isAscending = buckets.every(
    (bound, index) => index === 0 || bound > Number(buckets[index - 1]),
  )
  if (buckets.length === 0 || !buckets.every(Number.isFinite) || !isAscending) {
    throw new DefinitionInvalidError(
      `The buckets of metric ${name} must be at least one finite number, in ascending order.`,
    )
  }
}

/** Whether two names would be the same name where dots are not allowed. */
export function sameInPrometheus(left: string, right: string): boolean {
  return left.replaceAll('.', '_') === right.replaceAll('.', '_')
}

/** Whether two definitions with one name describe one metric. */
export function isSameDefinition(left: MetricDefinition, right: MetricDefinition): boolean {
  if (left === right) return true
  const buckets = (definition: MetricDefinition): string =>
    definition.kind === 'histogram' ? definition.buckets.join() : ''
  return (
    left.name === right.name &&
    left.kind === right.kind &&
    left.unit === right.unit &&
    left.labels.join() === right.labels.join() &&
    buckets(left) === buckets(right)
  )
}
