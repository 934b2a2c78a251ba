import { link, settleWith } from '../../clock/deadline.ts'
import type { ConnectionError } from '../../errors/connection-error.ts'
import type { SessionRequestOptions } from './session.ts'

/** No limit of the SDK's own: every request ends by its signal. */
const sdkTimeoutMs = 2_147_483_647

/** Says what an error of an SDK means. */
export interface ErrorReader {
  toError(error: unknown): ConnectionError
}

/** Sends requests of one connection. */
export type Requester = <Value>(
  signal: AbortSignal,
  send: (options: SessionRequestOptions) => Promise<Value>,
  /** Whether the signal was made for this request, so that nobody has to stop listening to it. */
  isOfOneRequest?: boolean,
) => Promise<Value>

/**
 * Gives every request a signal of its own, unless it has one: the SDKs never stop listening to the
 * one they are given, and would cancel requests that were answered long ago.
 *
 * `authorize` is asked once when a request fails; the request is sent again when it resolves with
 * `true`.
 */
export function createRequester(
  errors: ErrorReader,
  authorize?: (error: unknown) => Promise<boolean>,
): Requester {
  return async (signal, send, isOfOneRequest = false) => {
    signal.throwIfAborted()
    const own = isOfOneRequest ? undefined : new AbortController()
    const unlink = own === undefined ? undefined : link(signal, own)
    const options = { signal: own?.signal ?? signal, timeout: sdkTimeoutMs }
    try {
      // The clients end a request as soon as its signal aborts.
      return await send(options)
    } catch (error) {
      signal.throwIfAborted()
      if (authorize !== undefined && (await authorize(error))) {
        return await settleWith(signal, () => send(options)).catch((again: unknown) => {
          throw errors.toError(again)
        })
      }
      signal.throwIfAborted()
      throw errors.toError(error)
    } finally {
      unlink?.()
    }
  }
}
