import type { DatabaseEvent } from '@t2t/database'
import {
  databaseDuration,
  databaseQueries,
  databaseRows,
  databaseTruncations,
  schemaCacheAge,
  schemaRefreshDuration,
  schemaTables,
} from '../catalogue/area/database.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import { type Clock, systemClock } from '../clock/clock.ts'
import type { Meter } from '../meter/meter.ts'
import { databaseSystem } from './database-system.ts'
import { poolGauges } from './pool.ts'
import { ignoreUnknown, quietly, secondsOf } from './quietly.ts'

/** Options for {@link observeDatabase}. */
export interface ObserveDatabaseOptions {
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/**
 * Makes a listener that counts queries and rows, and shows the age of schemas and the use of pools.
 *
 * The listener never throws. One listener serves any number of databases; their names tell them
 * apart. A query that the guard refused is counted, but is no operation of the database and has
 * no part in its times.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeDatabase(
  meter: Meter,
  options: ObserveDatabaseOptions = {},
): (event: DatabaseEvent) => void {
  const { clock = systemClock } = options
  const duration = meter.histogram(databaseDuration)
  const rows = meter.histogram(databaseRows)
  const queries = meter.counter(databaseQueries)
  const truncations = meter.counter(databaseTruncations)
  const refreshes = meter.histogram(schemaRefreshDuration)
  const tables = meter.gauge(schemaTables)
  const showPool = poolGauges(meter)
  const observeAge = ageObserver(meter, clock)

  return quietly((event) => {
    const labels = {
      [otelLabel.databaseSystem]: databaseSystem(event.dialect),
      [otelLabel.databaseName]: event.database,
    }
    switch (event.type) {
      case 'query-finished': {
        const { outcome, code } = event
        queries.add(1, { ...labels, 't2t.outcome': outcome })
        if (outcome === 'refused') return
        const errorType = outcome === 'rows' ? undefined : (code ?? outcome)
        duration.record(secondsOf(event.durationMs), {
          ...labels,
          [otelLabel.errorType]: errorType,
        })
        if (outcome === 'rows') rows.record(event.rows, labels)
        if (event.isTruncated) truncations.add(1, labels)
        return
      }
      case 'catalog-refreshed':
        refreshes.record(secondsOf(event.durationMs), labels)
        tables.set(event.tables, { ...labels, 't2t.visibility': 'all' })
        tables.set(event.visibleTables, { ...labels, 't2t.visibility': 'visible' })
        observeAge(event.database, labels)
        return
      case 'pool-changed':
        showPool(event.database, event)
        return
      case 'database-closed':
        observeAge(event.database, undefined)
        return
      default:
        ignoreUnknown(event)
    }
  })
}

type DatabaseLabels = Readonly<Record<'db.system.name' | 'db.namespace', string>>

/** Sets the age of each schema whenever metrics are read; `undefined` ends it for a database. */
function ageObserver(
  meter: Meter,
  clock: Clock,
): (database: string, labels: DatabaseLabels | undefined) => void {
  const age = meter.gauge(schemaCacheAge)
  const refreshed = new Map<string, { readonly at: number; readonly labels: DatabaseLabels }>()
  meter.beforeRead(() => {
    const now = clock.now()
    for (const { at, labels } of refreshed.values()) age.set(secondsOf(now - at), labels)
  })

  return (database, labels) => {
    if (labels === undefined) refreshed.delete(database)
    else refreshed.set(database, { at: clock.now(), labels })
  }
}
