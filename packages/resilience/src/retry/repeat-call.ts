import { pauseAfter, type BackoffTerms } from '../backoff/backoff.ts'
import type { RetryBudget } from '../budget/retry-budget.ts'
import { retryAfterOf } from '../classify/read-error.ts'
import type { Clock } from '../clock/clock.ts'
import { isResilienceError, RetriesExhaustedError, type RetryEnd } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { ResilienceListener } from '../events/events.ts'
import type { Operation, OperationContext } from '../policy/policy.ts'

/** The options of a retry, complete. */
export interface RetryRules extends BackoffTerms {
  readonly maxAttempts: number
  readonly maxRetryAfterMs: number
  readonly withinMs: number | undefined
  readonly shouldRetry: (error: unknown) => boolean
  readonly budget: RetryBudget | undefined
  readonly name: string
  readonly clock: Clock
  readonly onEvent: ResilienceListener | undefined
}

type Next =
  | { readonly kind: 'pause'; readonly pauseMs: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'stop'; readonly reason: RetryEnd; readonly retryAfterMs: number | undefined }

/** Goes on after the first attempt of a call failed. */
export async function repeatCall<Value>(
  operation: Operation<Value>,
  context: OperationContext,
  rules: RetryRules,
  first: { readonly startedAt: number; readonly error: unknown },
): Promise<Value> {
  const { clock, name, onEvent } = rules
  let { error } = first
  let startedAt = first.startedAt
  let pauseMs = 0
  for (let attempt = 1; ; attempt++) {
    if (context.signal.aborted) throw error
    const isWorthIt = !isOpenCircuit(error) && rules.shouldRetry(error)
    const next = isWorthIt
      ? decide(attempt, pauseMs, error, context, rules, first.startedAt)
      : undefined
    if (onEvent !== undefined) {
      const durationMs = clock.now() - startedAt
      const willRetry = next?.kind === 'pause'
      emit(onEvent, { type: 'attempt-failed', name, attempt, durationMs, error, willRetry })
    }
    if (next === undefined) throw error
    if (next.kind === 'stop') {
      const { reason, retryAfterMs } = next
      const durationMs = clock.now() - first.startedAt
      emit(onEvent, {
        type: 'retries-exhausted',
        name,
        attempts: attempt,
        durationMs,
        reason,
        error,
      })
      throw new RetriesExhaustedError(attempt, { cause: error, reason, retryAfterMs })
    }

    pauseMs = next.pauseMs
    emit(onEvent, { type: 'pause-started', name, attempt, ...pick(next) })
    await clock.sleep(pauseMs, context.signal)
    startedAt = onEvent === undefined ? 0 : clock.now()
    try {
      const value = await operation(context)
      const durationMs = clock.now() - first.startedAt
      emit(onEvent, { type: 'call-recovered', name, attempts: attempt + 1, durationMs })
      return value
    } catch (failure) {
      error = failure
    }
  }
}

function pick(next: Extract<Next, { readonly kind: 'pause' }>): {
  readonly pauseMs: number
  readonly retryAfterMs: number | undefined
} {
  return { pauseMs: next.pauseMs, retryAfterMs: next.retryAfterMs }
}

/** Whether there may be another attempt, and after which pause. */
function decide(
  attempt: number,
  previousMs: number,
  error: unknown,
  context: OperationContext,
  rules: RetryRules,
  firstStartedAt: number,
): Next {
  const { clock, withinMs } = rules
  const retryAfterMs = retryAfterOf(error, () => clock.wallTime())
  const stop = (reason: RetryEnd): Next => ({ kind: 'stop', reason, retryAfterMs })

  if (attempt >= rules.maxAttempts) return stop('attempts')
  if (retryAfterMs !== undefined && retryAfterMs > rules.maxRetryAfterMs) return stop('retry-after')

  const own = pauseAfter(attempt, previousMs, rules)
  const least = Math.max(own, retryAfterMs ?? 0)
  const limit = Math.min(
    context.deadline ?? Number.POSITIVE_INFINITY,
    withinMs === undefined ? Number.POSITIVE_INFINITY : firstStartedAt + withinMs,
  )
  const left = limit - clock.now()
  if (least >= left) return stop('deadline')
  if (context.budget?.takeExtraAttempt() === false) return stop('retry-budget')
  if (rules.budget?.takeRepeat() === false) return stop('retry-budget')

  // All who were told the same moment would come back together: spread them a little after it.
  const spread = least > own ? rules.random() * Math.min(least / 10, 1_000) : 0
  const pauseMs = least + spread < left ? least + spread : least
  return { kind: 'pause', pauseMs, retryAfterMs }
}

function isOpenCircuit(error: unknown): boolean {
  return isResilienceError(error) && error.code === 'RESILIENCE_CIRCUIT_OPEN'
}
