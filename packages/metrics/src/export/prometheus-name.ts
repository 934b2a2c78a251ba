import type { MetricDefinition } from '../meter/definition.ts'

const suffixes: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes', '1': '_ratio' }

/**
 * Spells the name of a metric as Prometheus does: with the unit, and `_total` for a counter.
 *
 * It is the spelling that the OpenTelemetry collector and Prometheus' own OTLP receiver use, so
 * that one dashboard fits every way in which the metrics travel.
 */
export function prometheusName(
  definition: Pick<MetricDefinition, 'name' | 'unit' | 'kind'>,
): string {
  const { kind, unit } = definition
  const name = prometheusLabel(definition.name)
  const suffix = unit === '1' && kind !== 'gauge' ? '' : (suffixes[unit] ?? '')
  const withUnit = suffix === '' || name.endsWith(suffix) ? name : `${name}${suffix}`
  return kind === 'counter' ? `${withUnit}_total` : withUnit
}

/** Spells the name of a label as Prometheus does. */
export function prometheusLabel(name: string): string {
  return name.replaceAll('.', '_')
}
