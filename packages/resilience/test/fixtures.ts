import { getEventListeners } from 'node:events'
import type { OperationContext } from '@t2t/resilience'

/** A failure that says that it passes. */
export class Busy extends Error {
  override readonly name = 'Busy'
  readonly retryable = true
}

/** A context whose caller never aborts. */
export function calm(): OperationContext {
  return { signal: new AbortController().signal }
}

/** Operation that fails for the first `times` calls, then gives the number of calls made. */
export function busyFor(times: number): () => Promise<number> {
  let calls = 0
  return async () => {
    calls += 1
    if (calls <= times) throw new Busy()
    return calls
  }
}

/** Operation that never settles and does not listen to its signal. */
export function deaf(): Promise<never> {
  return new Promise(() => {})
}

/** Operation that ends only when its signal aborts. */
export function hanging({ signal }: OperationContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

export function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('The promise did not reject.')
}

/** Lets everything run that can run without time going by. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
