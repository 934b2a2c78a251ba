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

/** What policies tell their listener. Durations are in milliseconds. */
export type ResilienceEvent =
  | AttemptFailed
  | PauseStarted
  | CallRecovered
  | RetriesExhausted
  | CallTimedOut

/** Receives events. What it throws, or rejects with, is ignored. */
export type ResilienceListener = (event: ResilienceEvent) => void
