import { systemClock } from '../clock/system-clock.ts'
import { checkCount, checkPositive } from '../errors/check.ts'
import { BulkheadFullError } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import { start } from '../policy/start.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'

/** Options for {@link bulkhead}. */
export interface BulkheadOptions extends PolicyOptions {
  /** Calls that may run at the same time. An integer from 1 up. */
  readonly maxConcurrent: number
  /**
   * Calls that may wait for their turn; further ones are refused. An integer from 0 up.
   * @defaultValue 0
   */
  readonly maxQueued?: number | undefined
  /**
   * How long a call may wait for its turn, in milliseconds.
   * @defaultValue as long as its deadline and its caller permit
   */
  readonly maxWaitMs?: number | undefined
}

/** A bulkhead: a policy whose load can be read. */
export interface Bulkhead extends Policy {
  /** Calls that run now. */
  running(): number
  /** Calls that wait now. */
  queued(): number
}

interface Waiter {
  readonly go: () => void
}

/**
 * Creates a policy that bounds how many calls run at the same time, and how many wait.
 *
 * A place is taken until the operation has settled. An operation that goes on after its signal
 * aborted keeps its place when the timeout is outside; inside, the timeout settles the call and
 * frees the place. Turns are in the order of arrival.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link BulkheadFullError} from the operation, without calling it.
 */
export function bulkhead(options: BulkheadOptions): Bulkhead {
  const {
    maxConcurrent,
    maxQueued = 0,
    maxWaitMs = Number.POSITIVE_INFINITY,
    name = 'bulkhead',
    clock = systemClock,
    onEvent,
  } = options
  checkCount('maxConcurrent', maxConcurrent)
  checkCount('maxQueued', maxQueued, 0)
  checkPositive('maxWaitMs', maxWaitMs, true)
  const waiting = new Set<Waiter>()
  let running = 0

  const refusal = (why: string): BulkheadFullError => {
    emit(onEvent, { type: 'call-refused', name, by: 'bulkhead', retryAfterMs: undefined })
    return new BulkheadFullError(why)
  }

  const turn = ({ signal, deadline }: OperationContext): Promise<void> =>
    new Promise((resolve, reject) => {
      let timer: Disposable | undefined
      const leave = (): void => {
        waiting.delete(waiter)
        timer?.[Symbol.dispose]()
        signal.removeEventListener('abort', stop)
      }
      const waiter: Waiter = {
        go: () => {
          leave()
          resolve()
        },
      }
      const stop = (): void => {
        leave()
        reject(signal.reason)
      }
      waiting.add(waiter)
      signal.addEventListener('abort', stop)
      const left = deadline === undefined ? maxWaitMs : Math.min(maxWaitMs, deadline - clock.now())
      if (left < Number.POSITIVE_INFINITY) {
        timer = clock.after(left, () => {
          leave()
          reject(refusal(`No call ended within ${Math.round(left)} ms.`))
        })
      }
      emit(onEvent, { type: 'call-queued', name, by: 'bulkhead', queued: waiting.size })
    })

  /** Hands a place on, or gives it up: never both, so that nobody overtakes those who wait. */
  const free = (): void => {
    for (const waiter of waiting) {
      waiter.go()
      return
    }
    running -= 1
  }

  const freeAndGive = <Value>(value: Value): Value => {
    free()
    return value
  }
  const freeAndThrow = (error: unknown): never => {
    free()
    throw error
  }
  const run = <Value>(operation: Operation<Value>, context: OperationContext): Promise<Value> =>
    start(operation, context).then(freeAndGive<Value>, freeAndThrow)

  const policy: Policy =
    <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      if (running < maxConcurrent) {
        running += 1
        return run(operation, context)
      }
      if (waiting.size < maxQueued) return turn(context).then(() => run(operation, context))
      const load = `${running} calls are running and ${waiting.size} are waiting already.`
      return Promise.reject(refusal(load))
    }
  return Object.assign(policy, { running: () => running, queued: () => waiting.size })
}
