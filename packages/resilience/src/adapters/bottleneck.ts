import { BulkheadFullError, TimedOutError } from '../errors/errors.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import { CallScope, type ScopeOwner } from '../signal/call-scope.ts'
import { isStreaming } from '../signal/streaming.ts'

/** What is needed of a Bottleneck limiter. */
export interface BottleneckLimiter {
  schedule<Value>(run: () => PromiseLike<Value>): Promise<Value>
}

/**
 * Turns a Bottleneck limiter into a policy.
 *
 * Closed by the adapter: a caller who aborts stops waiting at once, and a job whose caller is gone
 * ends as soon as its turn comes, without calling the operation; a job that Bottleneck gave up
 * because of its `expiration` has its signal aborted; dropped jobs and a stopped limiter give an
 * error with a code.
 *
 * Left as it is: an expired job frees its place although an operation that does not listen goes on;
 * the reservoir is a fixed window that lets twice the amount through at its edge, and its refresh
 * is rounded up to 250 ms (5 s with Redis); each job costs several milliseconds; with Redis the
 * limiter wants ioredis and does not survive a server that lost its data. `rateLimit` and
 * `bulkhead` have none of that.
 *
 * @throws {@link BulkheadFullError} from the operation, when the limiter drops the job or was
 * stopped.
 * @throws {@link TimedOutError} from the operation, when its `expiration` is over.
 */
export function fromBottleneck(limiter: BottleneckLimiter): Policy {
  return <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      return new ScheduledCall<Value>(context).run(limiter, operation)
    }
}

class ScheduledCall<Value> implements ScopeOwner {
  readonly #scope: CallScope
  #isGone = false
  #isFinished = false
  #reject: ((reason: unknown) => void) | undefined

  constructor(context: OperationContext) {
    this.#scope = new CallScope(context, this)
  }

  run(limiter: BottleneckLimiter, operation: Operation<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      limiter
        .schedule(() => this.#call(operation))
        .then(
          (outcome) => {
            if (outcome === undefined) return
            if (!isStreaming(outcome.value)) this.#scope.unlink()
            resolve(outcome.value)
          },
          (error: unknown) => this.#fail(error, reject),
        )
    })
  }

  callerAborted(reason: unknown): void {
    this.#isGone = true
    this.#reject?.(reason)
  }

  async #call(operation: Operation<Value>): Promise<{ readonly value: Value } | undefined> {
    if (this.#isGone) return undefined
    try {
      return { value: await operation(this.#scope) }
    } finally {
      this.#isFinished = true
    }
  }

  #fail(error: unknown, reject: (error: unknown) => void): void {
    this.#scope.unlink()
    if (this.#isFinished) {
      reject(error)
      return
    }
    // The operation did not fail, so the limiter did; its errors differ by their message only.
    const message = error instanceof Error ? error.message : ''
    const expired = /timed out after (\d+) ms/.exec(message)
    const translated =
      expired === null
        ? new BulkheadFullError('Bottleneck dropped the call.', undefined, { cause: error })
        : new TimedOutError(Number(expired[1]), 'attempt')
    reject(translated)
    this.#scope.abort(translated)
  }
}
