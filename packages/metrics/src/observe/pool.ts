import {
  databaseConnectionMax,
  databaseConnectionPending,
  databaseConnections,
} from '../catalogue/area/database.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import type { Meter } from '../meter/meter.ts'

/** What tells the state of a pool; the pooled engines of `@t2t/database` fit. */
export interface PoolSource {
  pool(): {
    /** Open connections. */
    readonly size: number
    /** Connections that nobody uses now. */
    readonly idle: number
    /** Callers that wait for a connection. */
    readonly waiting: number
    readonly maxConnections: number
  }
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
 * The pool is asked each time the metrics are read, and at no other moment.
 *
 * @returns a function that ends it.
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observePool(meter: Meter, options: ObservePoolOptions): () => void {
  const connections = meter.gauge(databaseConnections)
  const max = meter.gauge(databaseConnectionMax)
  const pending = meter.gauge(databaseConnectionPending)
  const labels = { [otelLabel.databaseName]: options.database }

  return meter.beforeRead(() => {
    const { size, idle, waiting, maxConnections } = options.engine.pool()
    connections.set(idle, { ...labels, 't2t.state': 'idle' })
    connections.set(size - idle, { ...labels, 't2t.state': 'used' })
    pending.set(waiting, labels)
    max.set(maxConnections, labels)
  })
}
