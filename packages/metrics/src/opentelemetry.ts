export {
  openTelemetryMeter,
  type OpenTelemetryApiMeter,
  type OpenTelemetryAttributes,
  type OpenTelemetryCounter,
  type OpenTelemetryHistogram,
  type OpenTelemetryMetricOptions,
  type OpenTelemetryObservable,
  type OpenTelemetryResult,
} from './export/opentelemetry-meter.ts'
