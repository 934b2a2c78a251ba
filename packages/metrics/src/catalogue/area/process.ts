import type { CounterDefinition, GaugeDefinition } from '../../meter/definition.ts'
import { otelLabel, otelMetric } from '../otel-names.ts'

export const processUptime = {
  kind: 'gauge',
  name: otelMetric.processUptime,
  unit: 's',
  description: 'Time since the process started.',
  labels: [],
} as const satisfies GaugeDefinition

export const processMemory = {
  kind: 'gauge',
  name: otelMetric.processMemory,
  unit: 'By',
  description: 'Memory of the process that is in RAM.',
  labels: [],
} as const satisfies GaugeDefinition

export const processCpuTime = {
  kind: 'counter',
  name: otelMetric.processCpuTime,
  unit: 's',
  description: 'Processor time that the process used, by mode: user or system.',
  labels: [otelLabel.cpuMode],
} as const satisfies CounterDefinition

export const systemCpuUtilization = {
  kind: 'gauge',
  name: otelMetric.systemCpuUtilization,
  unit: '1',
  description: 'Share of the processors that was busy since the last reading, 0 to 1.',
  labels: [],
} as const satisfies GaugeDefinition

export const systemMemoryUtilization = {
  kind: 'gauge',
  name: otelMetric.systemMemoryUtilization,
  unit: '1',
  description: 'Share of the memory of the machine that is in use, 0 to 1.',
  labels: [],
} as const satisfies GaugeDefinition

export const processMetrics = [
  processUptime,
  processMemory,
  processCpuTime,
  systemCpuUtilization,
  systemMemoryUtilization,
] as const
