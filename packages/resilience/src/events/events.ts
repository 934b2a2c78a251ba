import type { RetryEnd } from '../errors/errors.ts'

interface EventOf<Type extends string> {
  readonly type: Type
  /** The `name` option of the policy, so that several can be told apart. */
  readonly name: string
}

/** An attempt of a retry failed for a reason that is not the caller's. */
export interface AttemptFailed extends EventOf<'attempt-failed'> {
  /** The first one is 1. */
  readonly attempt: number
  readonly durationMs: number
  readonly error: unknown
  readonly willRetry: boolean
}

/** A retry waits before its next attempt. */
export interface PauseStarted extends EventOf<'pause-started'> {
  /** The attempt that just failed. */
  readonly attempt: number
  readonly pauseMs: number
  /** The pause that the server asked for; absent when it did not. */
  readonly retryAfterMs: number | undefined
}

/** A call succeeded after at least one failed attempt. */
export interface CallRecovered extends EventOf<'call-recovered'> {
  readonly attempts: number
  readonly durationMs: number
}

/** A retry made its last attempt, or must not make another one. */
export interface RetriesExhausted extends EventOf<'retries-exhausted'> {
  readonly attempts: number
  readonly durationMs: number
  readonly reason: RetryEnd
  readonly error: unknown
}

/** A call or an attempt was ended by its timeout. */
export interface CallTimedOut extends EventOf<'call-timed-out'> {
  readonly afterMs: number
  readonly covers: 'attempt' | 'total'
}

/** A circuit breaker stopped calls. */
export interface CircuitOpened extends EventOf<'circuit-opened'> {
  /** What opened it: its window, a failed probe, or another process that shares its state. */
  readonly because: 'failures' | 'probe' | 'shared'
  /** For how long nothing is let through, in milliseconds. */
  readonly openForMs: number
  /** How many times in a row it has opened without closing in between. */
  readonly opens: number
}

/** A circuit breaker lets probes through. */
export interface CircuitHalfOpened extends EventOf<'circuit-half-opened'> {
  readonly probes: number
}

/** A circuit breaker lets all calls through again. */
export interface CircuitClosed extends EventOf<'circuit-closed'> {
  /** How long it had been open or half-open, in milliseconds. */
  readonly durationMs: number
}

/** A policy refused a call without making it. */
export interface CallRefused extends EventOf<'call-refused'> {
  readonly by: 'circuit' | 'rate-limit' | 'bulkhead'
  /** When another call may be worth making; absent when nobody knows. */
  readonly retryAfterMs: number | undefined
}

/** A call waits for its turn. */
export interface CallQueued extends EventOf<'call-queued'> {
  readonly by: 'rate-limit' | 'bulkhead'
  /** Calls that wait now, this one included. */
  readonly queued: number
}

/** A second copy of a call was started because the first one is slow or failed. */
export interface CallHedged extends EventOf<'call-hedged'> {
  /** The copy that was started; the second one is 2. */
  readonly attempt: number
  readonly because: 'slow' | 'failed'
}

/** A fallback took the place of a failed call. */
export interface FallbackUsed extends EventOf<'fallback-used'> {
  readonly error: unknown
}

/** The store that processes share did not answer; the option decided instead. */
export interface StoreFailed extends EventOf<'store-failed'> {
  readonly decision: 'allow' | 'refuse' | 'local'
  readonly error: unknown
}

/** The store that processes share answers again. */
export type StoreRecovered = EventOf<'store-recovered'>

/** A lease of a running call could not be kept: others may have taken its place. */
export type LeaseLost = EventOf<'lease-lost'>

/** What policies tell their listener. Durations are in milliseconds. */
export type ResilienceEvent =
  | AttemptFailed
  | CallHedged
  | CallQueued
  | CallRecovered
  | CallRefused
  | CallTimedOut
  | CircuitClosed
  | CircuitHalfOpened
  | CircuitOpened
  | FallbackUsed
  | LeaseLost
  | PauseStarted
  | RetriesExhausted
  | StoreFailed
  | StoreRecovered

/** Receives events. What it throws, or rejects with, is ignored. */
export type ResilienceListener = (event: ResilienceEvent) => void
