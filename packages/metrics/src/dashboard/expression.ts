import { prometheusLabel, prometheusName } from '../export/prometheus-name.ts'
import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  MetricDefinition,
} from '../meter/definition.ts'

// Expressions are made from definitions, so that none of them can name a metric or a label that
// does not exist.

type Pattern = { readonly not: string } | { readonly matches: string }

/** Values that labels must have; `{ not: '' }` means any value at all, `matches` is a pattern. */
export type Selection<Label extends string> = {
  readonly [Name in Label]?: string | Pattern
}

/** What an expression about a metric can be narrowed by. */
export interface Scope<Label extends string> {
  /** Labels that stay apart in the result. */
  readonly by?: readonly Label[]
  readonly where?: Selection<Label>
  /**
   * How far back to look, as PromQL writes it.
   * @defaultValue '5m'
   */
  readonly over?: string
}

/** Events of a counter, each second. */
export function perSecond<Label extends string>(
  counter: CounterDefinition<Label>,
  scope: Scope<Label> = {},
): string {
  return `sum${groups(scope.by)} (rate(${selector(counter, '', scope)}[${scope.over ?? '5m'}]))`
}

/** Observations of a histogram, each second. */
export function callsPerSecond<Label extends string>(
  histogram: HistogramDefinition<Label>,
  scope: Scope<Label> = {},
): string {
  const series = selector(histogram, '_count', scope)
  return `sum${groups(scope.by)} (rate(${series}[${scope.over ?? '5m'}]))`
}

/** What the observations of a histogram add up to, each second. */
export function sumPerSecond<Label extends string>(
  histogram: HistogramDefinition<Label>,
  scope: Scope<Label> = {},
): string {
  const series = selector(histogram, '_sum', scope)
  return `sum${groups(scope.by)} (rate(${series}[${scope.over ?? '5m'}]))`
}

/** The value below which a share of the observations of a histogram lies. */
export function quantile<Label extends string>(
  histogram: HistogramDefinition<Label>,
  share: number,
  scope: Scope<Label> = {},
): string {
  const series = selector(histogram, '_bucket', scope)
  const by = ['le', ...(scope.by ?? []).map(prometheusLabel)].join(', ')
  return `histogram_quantile(${share}, sum by (${by}) (rate(${series}[${scope.over ?? '5m'}])))`
}

/** The last value of a gauge; the highest one where several remain. */
export function latest<Label extends string>(
  gauge: GaugeDefinition<Label>,
  scope: Scope<Label> = {},
): string {
  return `max${groups(scope.by)} (${selector(gauge, '', scope)})`
}

function groups(by: readonly string[] = []): string {
  return by.length === 0 ? '' : ` by (${by.map(prometheusLabel).join(', ')})`
}

function selector<Label extends string>(
  definition: MetricDefinition<Label>,
  ending: string,
  scope: Scope<Label>,
): string {
  const matchers = definition.labels.flatMap((label) => {
    const wanted: string | Pattern | undefined = scope.where?.[label]
    if (wanted === undefined) return []
    const name = prometheusLabel(label)
    if (typeof wanted === 'string') return [`${name}=${JSON.stringify(wanted)}`]
    return 'not' in wanted
      ? [`${name}!=${JSON.stringify(wanted.not)}`]
      : [`${name}=~${JSON.stringify(wanted.matches)}`]
  })
  const narrowed = matchers.length === 0 ? '' : `{${matchers.join(',')}}`
  return `${prometheusName(definition)}${ending}${narrowed}`
}
