import { ConnectionError } from '../errors/connection-error.ts'
import type { Clock } from '@t2t/resilience'

/** Ends work that takes too long, also when the work does not listen to its signal. */
export interface Deadline extends Disposable {
  /** Aborts when the time is up, or with the reason of the caller's signal. */
  readonly signal: AbortSignal
  /** Settles as the work does, or rejects with the signal's reason as soon as it aborts. */
  run<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value>
}

/** Starts a deadline. Dispose of it, so that no timer and no listener stays behind. */
export function startDeadline(ms: number, clock: Clock, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  const { signal } = controller
  const unlink = link(caller, controller)
  const timer = clock.after(ms, () =>
    controller.abort(new ConnectionError('timeout', `There was no answer within ${ms} ms.`)),
  )
  return {
    signal,
    run: (work) => settleWith(signal, work),
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]()
      unlink()
    },
  }
}

/**
 * Settles as the work does, or rejects with the signal's reason as soon as it aborts. While it
 * runs, `pool` holds what rejects it for another reason.
 */
export function settleWith<Value>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
  pool?: Set<(reason: unknown) => void>,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
    pool?.add(reject)
    const end = (): void => {
      signal.removeEventListener('abort', onAbort)
      pool?.delete(reject)
    }
    work(signal).then(
      (value) => {
        end()
        resolve(value)
      },
      (error: unknown) => {
        end()
        reject(error)
      },
    )
  })
}

/** Aborts the controller with the caller's reason; returns what ends that. */
export function link(caller: AbortSignal | undefined, controller: AbortController): () => void {
  if (caller === undefined) return nothing
  const onAbort = () => controller.abort(caller.reason)
  if (caller.aborted) onAbort()
  else caller.addEventListener('abort', onAbort)
  return () => caller.removeEventListener('abort', onAbort)
}

function nothing(): void {}
