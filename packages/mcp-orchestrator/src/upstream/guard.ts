import {
  CircuitOpenError,
  circuitBreaker,
  consecutiveFailures,
  type CircuitState,
  type Clock,
} from '@t2t/resilience'
import { ConnectionError, isPassing } from '../errors/connection-error.ts'

/** What a guard is made of. */
export interface GuardOptions {
  readonly clock: Clock
  readonly random: () => number
  /** Failures in a row after which nothing is let through. */
  readonly opensAfter: number
  readonly onChange: (state: CircuitState, openForMs?: number) => void
}

/** Stops asking a server that keeps failing; lets one request probe it later. */
export interface Guard {
  state(): CircuitState
  /** Runs the work, or rejects at once with an error that says when to come again. */
  run<Value>(work: () => Promise<Value>): Promise<Value>
}

/** Never aborts: what ends a request is told apart by its error, not by a signal. */
const calm = new AbortController().signal

/**
 * Creates the guard of one server.
 *
 * Only what speaks of an unwell server counts: not its errors and refusals, not aborts, and not
 * failures that repeating does not mend.
 */
export function createGuard(options: GuardOptions): Guard {
  const { clock, random, opensAfter, onChange } = options
  const breaker = circuitBreaker({
    opensWhen: consecutiveFailures(opensAfter),
    countsAsFailure: (error) =>
      error instanceof ConnectionError && isPassing(error.kind) && !error.isPermanent,
    clock,
    random,
    onEvent: (event) => {
      if (event.type === 'circuit-opened') onChange('open', event.openForMs)
      if (event.type === 'circuit-half-opened') onChange('half-open')
      if (event.type === 'circuit-closed') onChange('closed')
    },
  })
  return {
    state: () => breaker.state(),
    run: async (work) => {
      try {
        return await breaker(work)({ signal: calm })
      } catch (error) {
        if (error instanceof CircuitOpenError) throw refusal(error)
        throw error
      }
    },
  }
}

function refusal(error: CircuitOpenError): ConnectionError {
  const { retryAfterMs } = error
  return new ConnectionError(
    'unreachable',
    'The server failed too often in a row and is not asked now.',
    {
      cause: error,
      isSafeToRepeat: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) }),
    },
  )
}
