import type { GuardEvent } from '@t2t/sql-guard'
import { guardDuration, guardRejections } from '../catalogue/area/guard.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import type { Meter } from '../meter/meter.ts'
import { databaseSystem } from './database-system.ts'
import { ignoreUnknown, quietly, secondsOf } from './quietly.ts'

/**
 * Makes a listener that counts the decisions of guards and their reasons.
 *
 * The listener never throws. One listener serves any number of guards.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeSqlGuard(meter: Meter): (event: GuardEvent) => void {
  const duration = meter.histogram(guardDuration)
  const rejections = meter.counter(guardRejections)

  return quietly((event) => {
    const labels = {
      [otelLabel.databaseSystem]: databaseSystem(event.dialect),
      't2t.policy': event.policy,
    }
    switch (event.type) {
      case 'query-allowed':
        duration.record(secondsOf(event.durationMs), { ...labels, 't2t.outcome': 'allowed' })
        return
      case 'query-refused':
        duration.record(secondsOf(event.durationMs), { ...labels, 't2t.outcome': 'refused' })
        for (const code of event.codes) rejections.add(1, { ...labels, 't2t.rule': code })
        return
      default:
        ignoreUnknown(event)
    }
  })
}
