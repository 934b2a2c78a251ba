export { pipe, type Operation, type OperationContext, type Policy } from './policy/policy.ts'
export type { PolicyOptions } from './policy/policy-options.ts'
export {
  circuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
} from './policies/circuit-breaker.ts'
export { budget, type BudgetOptions } from './policies/budget.ts'
export { bulkhead, type Bulkhead, type BulkheadOptions } from './policies/bulkhead.ts'
export { fallback, type Fallback, type FallbackOptions } from './policies/fallback.ts'
export { hedge, type HedgeOptions } from './policies/hedge.ts'
export {
  rateLimit,
  type RateLimitCallOptions,
  type RateLimitOptions,
} from './policies/rate-limit.ts'
export { standardStack, type StandardStackOptions } from './stack/standard-stack.ts'
export { noop } from './policies/noop.ts'
export { retry, type RetryOptions } from './policies/retry.ts'
export { timeout, type TimeoutOptions } from './policies/timeout.ts'
export {
  createMemoryRateLimitStore,
  type MemoryRateLimitStore,
  type MemoryRateLimitStoreOptions,
} from './rate-limit/memory-store.ts'
export type { RateLimit, RateLimitStore, RateLimitTake } from './rate-limit/rate-limit-store.ts'
export {
  createRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
  type TakeOptions,
} from './rate-limit/rate-limiter.ts'
export type { LeaseStore } from './lease/lease-store.ts'
export { createMemoryLeaseStore } from './lease/memory-store.ts'
export { sharedBulkhead, type SharedBulkheadOptions } from './lease/shared-bulkhead.ts'
export type { FailoverOptions, WhenStoreAway } from './store/failover.ts'
export type { Jitter, Random } from './backoff/backoff.ts'
export { retryAfterFromHeaders } from './backoff/retry-after.ts'
export type { HeadersLike } from './backoff/read-headers.ts'
export type { CircuitSnapshot, CircuitState } from './breaker/circuit.ts'
export { createMemoryCircuitStore, type CircuitStore } from './breaker/circuit-store.ts'
export { consecutiveFailures } from './breaker/consecutive-failures.ts'
export { failureRatio, type FailureRatioOptions } from './breaker/failure-ratio.ts'
export type { OpeningRule, OutcomeWindow } from './breaker/outcome-window.ts'
export type { SharedCircuitOptions } from './breaker/shared-circuit.ts'
export type { CallBudget } from './budget/call-budget.ts'
export {
  createRetryBudget,
  type RetryBudget,
  type RetryBudgetOptions,
} from './budget/retry-budget.ts'
export { classify, countsAsFailure, isWorthRetrying } from './classify/classify.ts'
export type { FailureKind } from './classify/failure-kind.ts'
export { retryAfterOf } from './classify/read-error.ts'
export type { Clock } from './clock/clock.ts'
export { systemClock } from './clock/system-clock.ts'
export type {
  AttemptFailed,
  CallHedged,
  CallQueued,
  CallRecovered,
  CallRefused,
  CallTimedOut,
  CircuitClosed,
  CircuitHalfOpened,
  CircuitOpened,
  FallbackUsed,
  LeaseLost,
  PauseStarted,
  ResilienceEvent,
  ResilienceListener,
  RetriesExhausted,
  StoreFailed,
  StoreRecovered,
} from './events/events.ts'
export {
  BulkheadFullError,
  CircuitOpenError,
  isResilienceError,
  OptionInvalidError,
  RateLimitedError,
  RefusedError,
  ResilienceError,
  RetriesExhaustedError,
  StoreUnavailableError,
  TimedOutError,
  type ResilienceErrorCode,
  type RetryEnd,
} from './errors/errors.ts'
