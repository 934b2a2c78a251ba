import { systemClock } from '../clock/system-clock.ts'
import { checkCount, checkNotNegative, checkPositive } from '../errors/check.ts'
import { BulkheadFullError, StoreUnavailableError } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'
import { Failover, type FailoverOptions } from '../store/failover.ts'
import { HeldLeases } from './held-leases.ts'
import type { LeaseStore } from './lease-store.ts'

/** Options for {@link sharedBulkhead}. */
export interface SharedBulkheadOptions extends PolicyOptions, FailoverOptions {
  readonly store: LeaseStore
  /** The name of what is shared; policies with the same key share their places. */
  readonly key: string
  /** Calls that may run at the same time in all processes together. An integer from 1 up. */
  readonly maxConcurrent: number
  /**
   * How long a place stays taken after its process died, in milliseconds. Running calls renew it.
   * @defaultValue 30_000
   */
  readonly leaseMs?: number | undefined
  /**
   * How long a call may wait for a place, in milliseconds. Between processes there is no order of
   * arrival.
   * @defaultValue 0
   */
  readonly maxWaitMs?: number | undefined
  /**
   * How often a waiting call asks again, in milliseconds.
   * @defaultValue 100
   */
  readonly pollMs?: number | undefined
}

type Place = 'lease' | 'local' | 'free' | 'none'

/**
 * Creates a policy that bounds how many calls run at the same time in several processes together.
 *
 * Each running call holds a lease, which it renews and gives back. When a process dies, its places
 * are free again after `leaseMs`. A lease that could not be renewed in time is told to the listener;
 * the call goes on.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link BulkheadFullError} from the operation, without calling it.
 * @throws {@link StoreUnavailableError} from the operation, when the store is away and
 * `whenStoreAway` is `refuse`.
 */
export function sharedBulkhead(options: SharedBulkheadOptions): Policy {
  const {
    store,
    key,
    maxConcurrent,
    leaseMs = 30_000,
    maxWaitMs = 0,
    pollMs = 100,
    name = 'shared-bulkhead',
    clock = systemClock,
    onEvent,
  } = options
  checkCount('maxConcurrent', maxConcurrent)
  checkPositive('leaseMs', leaseMs)
  checkNotNegative('maxWaitMs', maxWaitMs)
  checkPositive('pollMs', pollMs)
  const failover = new Failover(options, clock, name, onEvent)
  const held = new HeldLeases(
    clock,
    leaseMs / 3,
    (id) => store.renew(key, id, leaseMs),
    () => emit(onEvent, { type: 'lease-lost', name }),
  )
  let running = 0

  const giveBack = (id: string): void => {
    store.release(key, id).catch(() => {
      // It ends by itself.
    })
  }

  const instead = (id: string, decision: string, error: unknown): Place => {
    if (error !== undefined) giveBack(id)
    if (decision === 'refuse') throw new StoreUnavailableError('The store of the leases', error)
    if (decision === 'allow') return 'free'
    return running < maxConcurrent ? 'local' : 'none'
  }

  const ask = async (id: string, { signal }: OperationContext): Promise<Place> => {
    try {
      return await failover.ask<Place>(
        () =>
          store.acquire(key, id, maxConcurrent, leaseMs).then((got) => (got ? 'lease' : 'none')),
        (decision, error) => instead(id, decision, error),
        signal,
      )
    } catch (error) {
      if (signal.aborted) giveBack(id)
      throw error
    }
  }

  const acquire = async (id: string, context: OperationContext): Promise<Place> => {
    const now = maxWaitMs === 0 ? 0 : clock.now()
    const end = Math.min(now + maxWaitMs, context.deadline ?? Number.POSITIVE_INFINITY)
    let place = await ask(id, context)
    if (place === 'none' && maxWaitMs > 0) {
      emit(onEvent, { type: 'call-queued', name, by: 'bulkhead', queued: 1 })
    }
    while (place === 'none' && maxWaitMs > 0 && clock.now() + pollMs <= end) {
      await clock.sleep(pollMs, context.signal)
      place = await ask(id, context)
    }
    if (place !== 'none') return place
    emit(onEvent, { type: 'call-refused', name, by: 'bulkhead', retryAfterMs: undefined })
    throw new BulkheadFullError(`${maxConcurrent} calls are running in all processes together.`)
  }

  return <Value>(operation: Operation<Value>): Operation<Value> =>
    async (context) => {
      if (context.signal.aborted) throw context.signal.reason
      const id = crypto.randomUUID()
      const place = await acquire(id, context)
      running += 1
      if (place === 'lease') held.add(id)
      try {
        return await operation(context)
      } finally {
        running -= 1
        if (place === 'lease') {
          held.remove(id)
          giveBack(id)
        }
      }
    }
}
