import { sessionsActive, type MemoryMeter } from '@t2t/metrics'
import type { SessionStore } from '@t2t/sessions'

const activeForMs = 30 * 60_000

/**
 * Keeps the number of sessions in which something was said in the last half hour.
 *
 * The store is asked whenever metrics are read, and its answer is there for the next reading.
 *
 * @returns what ends it.
 */
export async function observeSessions(
  meter: MemoryMeter,
  { upkeep }: Pick<SessionStore, 'upkeep'>,
): Promise<Disposable> {
  const gauge = meter.gauge(sessionsActive)
  const count = async (): Promise<void> => {
    // A store that does not answer leaves the last number; its own errors show elsewhere.
    const active = await upkeep
      .countActive(new Date(Date.now() - activeForMs))
      .catch(() => undefined)
    if (active !== undefined) gauge.set(active)
  }
  await count()
  const end = meter.beforeRead(() => void count())
  return { [Symbol.dispose]: end }
}
