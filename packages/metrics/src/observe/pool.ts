import {
  databaseConnectionMax,
  databaseConnectionPending,
  databaseConnections,
} from '../catalogue/area/database.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import type { Meter } from '../meter/meter.ts'

/** How a pool is used. */
interface PoolState {
  /** Open connections. */
  readonly size: number
  /** Connections that nobody uses now. */
  readonly idle: number
  /** Callers that wait for a connection. */
  readonly waiting: number
  readonly maxConnections: number
}

/** What tells the state of a pool; the pooled engines of `@t2t/database` fit. */
export interface PoolSource {
  pool(): PoolState
}

/** Options for {@link observePool}. */
export interface ObservePoolOptions {
  /** Name of the database, for the label `db.namespace`. */
  readonly database: string
  readonly engine: PoolSource
}

/**
 * Shows how many connections a pool has, uses and lacks.
 *
 * For an engine that is used alone; `observeDatabase` shows the same of a database, from its events.
 * The pool is asked each time the metrics are read, and at no other moment.
 *
 * @returns a function that ends it.
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observePool(meter: Meter, options: ObservePoolOptions): () => void {
  const show = poolGauges(meter)
  return meter.beforeRead(() => show(options.database, options.engine.pool()))
}

/** Makes the gauges of pools, and gives what sets them for one database. */
export function poolGauges(meter: Meter): (database: string, state: PoolState) => void {
  const connections = meter.gauge(databaseConnections)
  const max = meter.gauge(databaseConnectionMax)
  const pending = meter.gauge(databaseConnectionPending)

  return (database, { size, idle, waiting, maxConnections }) => {
    const labels = { [otelLabel.databaseName]: database }
    connections.set(idle, { ...labels, 't2t.state': 'idle' })
    connections.set(size - idle, { ...labels, 't2t.state': 'used' })
    pending.set(waiting, labels)
    max.set(maxConnections, labels)
  }
}
