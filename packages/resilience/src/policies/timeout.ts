import { DeadlineGroup, deadlinesOn, type Expiring } from '../clock/deadline-watch.ts'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkPositive } from '../errors/check.ts'
import { TimedOutError } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import { CallScope, type ScopeOwner } from '../signal/call-scope.ts'
import { isStreaming } from '../signal/streaming.ts'
import { start } from '../policy/start.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'

/** Options for {@link timeout}. */
export interface TimeoutOptions extends PolicyOptions {
  /** The time that a call may take, in milliseconds. A number above 0. */
  readonly afterMs: number
  /**
   * What is timed: one `attempt` (put the policy inside a retry; its error is worth another
   * attempt) or the `total` of all attempts and pauses (put it outside).
   * @defaultValue `'attempt'`
   */
  readonly covers?: 'attempt' | 'total' | undefined
}

/**
 * Creates a policy that ends a call which takes too long.
 *
 * The operation is given a signal of its own, which aborts with the timeout's error, or with the
 * caller's reason as soon as the caller aborts. The call settles at that moment, also when the
 * operation does not listen; what the operation does later is ignored. The deadline is handed on
 * in the context, so that a retry inside does not begin a pause that would outlast it.
 *
 * Once the operation has returned, the timeout does nothing more. A returned stream is never
 * aborted by it, but still ends when the caller aborts.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link TimedOutError} from the operation, when the time is over.
 *
 * @example
 * ```ts
 * import { timeout } from '@t2t/resilience'
 *
 * const briefly = timeout({ afterMs: 2_000 })
 * const fetchRates = briefly(({ signal }) => fetch('https://rates.example', { signal }))
 * ```
 */
export function timeout(options: TimeoutOptions): Policy {
  const { afterMs, covers = 'attempt', name = 'timeout', clock = systemClock, onEvent } = options
  checkPositive('afterMs', afterMs)
  const terms: Terms = {
    afterMs,
    clock,
    watch: deadlinesOn(clock),
    group: new DeadlineGroup(),
    expired: () => {
      emit(onEvent, { type: 'call-timed-out', name, afterMs, covers })
      return new TimedOutError(afterMs, covers)
    },
  }

  return <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      return new TimedCall<Value>(terms, context).run(operation)
    }
}

interface Terms {
  readonly afterMs: number
  readonly clock: Clock
  readonly watch: ReturnType<typeof deadlinesOn>
  readonly group: DeadlineGroup
  readonly expired: () => Error
}

class TimedCall<Value> implements Expiring, ScopeOwner {
  readonly expiresAt: number
  earlier: Expiring | undefined
  later: Expiring | undefined
  readonly #terms: Terms
  readonly #scope: CallScope
  #resolve: ((value: Value) => void) | undefined
  #reject: ((error: unknown) => void) | undefined

  constructor(terms: Terms, context: OperationContext) {
    this.#terms = terms
    this.expiresAt = terms.clock.now() + terms.afterMs
    const { deadline } = context
    const nearest = deadline === undefined || deadline > this.expiresAt ? this.expiresAt : deadline
    this.#scope = new CallScope(context, this, nearest)
  }

  run(operation: Operation<Value>): Promise<Value> {
    const { watch, group } = this.#terms
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      watch.add(group, this)
      start(operation, this.#scope).then(
        (value) => this.#succeed(value),
        (error: unknown) => this.#fail(error),
      )
    })
  }

  expire(): void {
    const error = this.#terms.expired()
    this.#fail(error)
    this.#scope.abort(error)
  }

  callerAborted(reason: unknown): void {
    this.#fail(reason)
  }

  #succeed(value: Value): void {
    const resolve = this.#resolve
    if (resolve === undefined) return
    this.#end(!isStreaming(value))
    resolve(value)
  }

  #fail(error: unknown): void {
    const reject = this.#reject
    if (reject === undefined) return
    this.#end(true)
    reject(error)
  }

  #end(unlink: boolean): void {
    this.#resolve = undefined
    this.#reject = undefined
    this.#terms.watch.remove(this.#terms.group, this)
    if (unlink) this.#scope.unlink()
  }
}
