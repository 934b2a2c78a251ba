export { pipe, type Operation, type OperationContext, type Policy } from './policy/policy.ts'
export type { PolicyOptions } from './policies/policy-options.ts'
export { noop } from './policies/noop.ts'
export { retry, type RetryOptions } from './policies/retry.ts'
export { timeout, type TimeoutOptions } from './policies/timeout.ts'
export type { Jitter, Random } from './backoff/backoff.ts'
export { retryAfterFromHeaders } from './backoff/retry-after.ts'
export type { HeadersLike } from './backoff/read-headers.ts'
export type { CallBudget } from './budget/call-budget.ts'
export {
  createRetryBudget,
  type RetryBudget,
  type RetryBudgetOptions,
} from './budget/retry-budget.ts'
export { isWorthRetrying } from './classify/classify.ts'
export { retryAfterOf } from './classify/read-error.ts'
export type { Clock } from './clock/clock.ts'
export { systemClock } from './clock/system-clock.ts'
export type {
  AttemptFailed,
  CallRecovered,
  CallTimedOut,
  PauseStarted,
  ResilienceEvent,
  ResilienceListener,
  RetriesExhausted,
} from './events/events.ts'
export {
  isResilienceError,
  OptionInvalidError,
  ResilienceError,
  RetriesExhaustedError,
  TimedOutError,
  type ResilienceErrorCode,
  type RetryEnd,
} from './errors/errors.ts'
