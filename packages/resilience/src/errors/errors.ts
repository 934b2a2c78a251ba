/** Every reason for which this package throws. Codes are public API. */
export type ResilienceErrorCode =
  | 'RESILIENCE_OPTION_INVALID'
  | 'RESILIENCE_RETRIES_EXHAUSTED'
  | 'RESILIENCE_TIMED_OUT'
  | 'RESILIENCE_CIRCUIT_OPEN'
  | 'RESILIENCE_RATE_LIMITED'
  | 'RESILIENCE_BULKHEAD_FULL'
  | 'RESILIENCE_STORE_UNAVAILABLE'

/** Base of all errors of this package. */
export abstract class ResilienceError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: ResilienceErrorCode
  /** Whether another attempt at the same call is worth making now. */
  readonly retryable: boolean = false
}

/** Thrown at once by a factory, when an option cannot work. */
export class OptionInvalidError extends ResilienceError {
  override readonly name = 'OptionInvalidError'
  readonly code = 'RESILIENCE_OPTION_INVALID'
}

/** Why a retry stopped although the error was worth another attempt. */
export type RetryEnd = 'attempts' | 'deadline' | 'retry-after' | 'retry-budget'

const endings: Readonly<Record<RetryEnd, string>> = {
  attempts: '',
  deadline: ', since the next pause would end after the deadline',
  'retry-after': ', since the server asked for a longer pause than is permitted',
  'retry-budget': ', since the budget for repeated calls is spent',
}

/** Thrown when a retry gave up. `cause` holds the error of the last attempt. */
export class RetriesExhaustedError extends ResilienceError {
  override readonly name = 'RetriesExhaustedError'
  readonly code = 'RESILIENCE_RETRIES_EXHAUSTED'
  /** Calls made, the first one included. */
  readonly attempts: number
  /** What ended it. */
  readonly reason: RetryEnd
  /** How long the server asked to wait, in milliseconds; absent when it did not say. */
  readonly retryAfterMs: number | undefined

  constructor(
    attempts: number,
    options: {
      readonly cause: unknown
      readonly reason?: RetryEnd | undefined
      readonly retryAfterMs?: number | undefined
    },
  ) {
    const { cause, reason = 'attempts', retryAfterMs } = options
    const times = attempts === 1 ? '1 attempt' : `${attempts} attempts`
    super(`Gave up after ${times}${endings[reason]}.`, { cause })
    this.attempts = attempts
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

/** Thrown when a call took longer than its timeout. */
export class TimedOutError extends ResilienceError {
  override readonly name = 'TimedOutError'
  readonly code = 'RESILIENCE_TIMED_OUT'
  /** True for a single attempt; false when the time for the whole call was over. */
  override readonly retryable: boolean
  /** The time that was allowed, in milliseconds. */
  readonly afterMs: number
  /** Whether one attempt or the whole call was meant. */
  readonly covers: 'attempt' | 'total'

  constructor(afterMs: number, covers: 'attempt' | 'total') {
    const what = covers === 'attempt' ? 'The attempt' : 'The call'
    super(`${what} did not finish within ${afterMs} ms.`)
    this.afterMs = afterMs
    this.covers = covers
    this.retryable = covers === 'attempt'
  }
}

/** Base of the errors with which a policy refuses a call without making it. Never retried here. */
export abstract class RefusedError extends ResilienceError {
  /** When another call may be worth making, in milliseconds from then; absent when unknown. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterMs = retryAfterMs
  }
}

/** Thrown while a circuit breaker lets nothing through. */
export class CircuitOpenError extends RefusedError {
  override readonly name = 'CircuitOpenError'
  readonly code = 'RESILIENCE_CIRCUIT_OPEN'
}

/** Thrown when a rate limit has nothing left. */
export class RateLimitedError extends RefusedError {
  override readonly name = 'RateLimitedError'
  readonly code = 'RESILIENCE_RATE_LIMITED'
}

/** Thrown when too many calls are running and waiting already. */
export class BulkheadFullError extends RefusedError {
  override readonly name = 'BulkheadFullError'
  readonly code = 'RESILIENCE_BULKHEAD_FULL'
}

/** Thrown when the shared store did not answer and the option says to refuse. */
export class StoreUnavailableError extends RefusedError {
  override readonly name = 'StoreUnavailableError'
  readonly code = 'RESILIENCE_STORE_UNAVAILABLE'

  constructor(store: string, cause: unknown) {
    super(`${store} does not answer.`, undefined, { cause })
  }
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isResilienceError(error: unknown): error is ResilienceError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('RESILIENCE_')
}
