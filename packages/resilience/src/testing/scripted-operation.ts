import type { Clock } from '../clock/clock.ts'
import type { Operation } from '../policy/policy.ts'

/**
 * What one call of a scripted operation does: after `afterMs` (0 by default) it gives a value or
 * fails. With `hangs` it settles only when its signal aborts; with `isDeaf` not even then.
 */
export type ScriptStep<Value> = { readonly afterMs?: number | undefined } & (
  | { readonly value: Value }
  | { readonly error: unknown }
  | { readonly hangs: true; readonly isDeaf?: boolean | undefined }
)

/** An operation that follows a script and keeps what happened. */
export interface ScriptedOperation<Value> extends Operation<Value> {
  /** The calls so far: when they began on the clock, and the signal they were given. */
  readonly calls: readonly { readonly at: number; readonly signal: AbortSignal }[]
}

/**
 * Creates an operation that does one step of the script for each call; the last step goes for all
 * further calls.
 *
 * @example
 * ```ts
 * import { retry } from '@t2t/resilience'
 * import { createFakeClock, scriptedOperation } from '@t2t/resilience/testing'
 *
 * const clock = createFakeClock()
 * const busy = Object.assign(new Error('Busy.'), { retryable: true })
 * const query = scriptedOperation([{ error: busy }, { afterMs: 30, value: 42 }], clock)
 * const rows = await retry({ clock })(query)({ signal: new AbortController().signal })
 * ```
 */
export function scriptedOperation<Value>(
  script: readonly ScriptStep<Value>[],
  clock: Clock,
): ScriptedOperation<Value> {
  const calls: { readonly at: number; readonly signal: AbortSignal }[] = []
  const operation: Operation<Value> = async ({ signal }) => {
    const step = script[Math.min(calls.length, script.length - 1)]
    calls.push({ at: clock.now(), signal })
    if (step === undefined) throw new Error('The script of the operation is empty.')
    const { afterMs = 0 } = step
    if (afterMs > 0) await clock.sleep(afterMs, signal)
    if ('error' in step) throw step.error
    if ('value' in step) return step.value
    return hang(step.isDeaf === true ? undefined : signal)
  }
  return Object.assign(operation, { calls })
}

function hang(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal?.aborted === true) reject(signal.reason)
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
