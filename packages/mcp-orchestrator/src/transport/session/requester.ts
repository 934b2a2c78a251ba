import { link, settleWith } from '../../clock/deadline.ts'
import type { ConnectionError } from '../../errors/connection-error.ts'
import type { SessionRequestOptions } from './session.ts'

/** No limit of the SDK's own: every request ends by its signal. */
const sdkTimeoutMs = 2_147_483_647

/** Sends requests of one connection. */
export type Requester = <Value>(
  signal: AbortSignal,
  send: (options: SessionRequestOptions) => Promise<Value>,
) => Promise<Value>

/**
 * Gives every request a signal of its own: the SDKs never stop listening to the one they are given,
 * and would cancel requests that were answered long ago.
 *
 * `authorize` is asked once when a request fails; the request is sent again when it resolves with
 * `true`.
 */
export function createRequester(
  toError: (error: unknown) => ConnectionError,
  authorize?: (error: unknown) => Promise<boolean>,
): Requester {
  return async (signal, send) => {
    signal.throwIfAborted()
    const controller = new AbortController()
    const unlink = link(signal, controller)
    const options = { signal: controller.signal, timeout: sdkTimeoutMs }
    try {
      // The clients end a request as soon as its signal aborts.
      return await send(options)
    } catch (error) {
      signal.throwIfAborted()
      if (authorize !== undefined && (await authorize(error))) {
        return await settleWith(signal, () => send(options)).catch((again: unknown) => {
          throw toError(again)
        })
      }
      signal.throwIfAborted()
      throw toError(error)
    } finally {
      unlink()
    }
  }
}
