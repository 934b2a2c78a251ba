import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
} from '../../meter/definition.ts'
import { otelBuckets, otelLabel, otelMetric } from '../otel-names.ts'

export const databaseDuration = {
  kind: 'histogram',
  name: otelMetric.databaseDuration,
  unit: 's',
  description: 'Time of queries of a database; error.type is there when a query failed.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName, otelLabel.errorType],
  buckets: otelBuckets.database,
} as const satisfies HistogramDefinition

export const databaseRows = {
  kind: 'histogram',
  name: otelMetric.databaseRows,
  unit: '{row}',
  description: 'Rows that queries of a database gave.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName],
  buckets: otelBuckets.rows,
} as const satisfies HistogramDefinition

export const databaseQueries = {
  kind: 'counter',
  name: 't2t.database.queries',
  unit: '{query}',
  description: 'Queries that were asked for, by outcome: rows, refused, failed or aborted.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName, 't2t.outcome'],
} as const satisfies CounterDefinition

export const databaseTruncations = {
  kind: 'counter',
  name: 't2t.database.truncations',
  unit: '{query}',
  description: 'Queries whose rows were cut by a cap.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName],
} as const satisfies CounterDefinition

export const schemaRefreshDuration = {
  kind: 'histogram',
  name: 't2t.schema.refresh.duration',
  unit: 's',
  description: 'Time to read the schema of a database.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName],
  buckets: otelBuckets.database,
} as const satisfies HistogramDefinition

export const schemaTables = {
  kind: 'gauge',
  name: 't2t.schema.tables',
  unit: '{table}',
  description: 'Tables of a database: all, and those that the policy shows.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName, 't2t.visibility'],
} as const satisfies GaugeDefinition

/**
 * The convention calls it `db.client.connection.count`, but Prometheus keeps names that end in
 * `_count` for histograms, and `promtool check metrics` complains.
 */
export const databaseConnections = {
  kind: 'gauge',
  name: 't2t.database.connections',
  unit: '{connection}',
  description: 'Connections of a pool, by state: idle or used.',
  labels: [otelLabel.databaseName, 't2t.state'],
} as const satisfies GaugeDefinition

export const databaseConnectionMax = {
  kind: 'gauge',
  name: otelMetric.connectionMax,
  unit: '{connection}',
  description: 'The most connections that a pool may have.',
  labels: [otelLabel.databaseName],
} as const satisfies GaugeDefinition

export const databaseConnectionPending = {
  kind: 'gauge',
  name: otelMetric.connectionPending,
  unit: '{request}',
  description: 'Callers that wait for a connection of a pool.',
  labels: [otelLabel.databaseName],
} as const satisfies GaugeDefinition

export const schemaCacheAge = {
  kind: 'gauge',
  name: 't2t.schema.cache.age',
  unit: 's',
  description: 'Time since the schema of a database was read, until the database is closed.',
  labels: [otelLabel.databaseSystem, otelLabel.databaseName],
} as const satisfies GaugeDefinition

export const databaseMetrics = [
  databaseDuration,
  databaseRows,
  databaseQueries,
  databaseTruncations,
  databaseConnections,
  databaseConnectionMax,
  databaseConnectionPending,
  schemaCacheAge,
  schemaRefreshDuration,
  schemaTables,
] as const
