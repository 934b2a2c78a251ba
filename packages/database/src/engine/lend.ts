import { watchDeadline, type Deadline } from '../read/deadline.ts'
import type { Pool } from './pool.ts'

/** A connection whose statement can be ended on the server. */
export interface Lendable {
  /** Asks the server to end what runs; resolves when the server has heard it. Never rejects. */
  cancel(): Promise<void>
  /** Cuts the connection at once. */
  cut(): void
}

/** How long the server may take to notice that it is asked to stop, in milliseconds. */
const graceMs = 2_000

/** How long a cancel request may take to have an effect before it is repeated, in milliseconds. */
const askAgainMs = 50

/** Runs `body` with a signal that aborts when the deadline passes, and says why it ended. */
export async function untilOver<Value>(
  deadline: Deadline,
  timeoutMs: number,
  signal: AbortSignal,
  translated: (error: unknown) => unknown,
  body: (ending: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const ending = new AbortController()
  const stop = watchDeadline(deadline, timeoutMs, signal, (reason) => ending.abort(reason))
  try {
    ending.signal.throwIfAborted()
    return await body(ending.signal)
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : translated(error)
  } finally {
    stop()
  }
}

/**
 * Lends a connection to `body`. When that came to its end, the connection is made clean behind the
 * caller's back; when it was cancelled, the caller waits until the server has ended the statement,
 * and the connection is closed.
 */
export async function lend<Connection extends Lendable, Value>(
  pool: Pool<Connection>,
  connection: Connection,
  ending: AbortSignal,
  { body, clean }: { readonly body: () => Promise<Value>; readonly clean: () => Promise<unknown> },
): Promise<Value> {
  const cutting = Promise.withResolvers<never>()
  let cancelled: Promise<void> | undefined
  let isAsking = false
  let insistence: NodeJS.Timeout | undefined
  let impatience: NodeJS.Timeout | undefined
  const ask = (): void => {
    // Many callers may leave at once: a request that is on its way is not sent twice.
    if (isAsking) return
    isAsking = true
    cancelled = connection.cancel().finally(() => {
      isAsking = false
    })
  }
  const cancel = (): void => {
    ask()
    // A request that arrives between two messages is ignored by the server.
    insistence = setInterval(ask, askAgainMs)
    impatience = setTimeout(() => {
      connection.cut()
      cutting.reject(ending.reason)
    }, graceMs)
  }
  ending.addEventListener('abort', cancel, { once: true })
  try {
    if (ending.aborted) cancel()
    const value = await Promise.race([body(), cutting.promise])
    // MySQL gives rows of a cancelled statement where it can, as of SELECT sleep(9).
    ending.throwIfAborted()
    return value
  } finally {
    ending.removeEventListener('abort', cancel)
    clearInterval(insistence)
    if (cancelled === undefined) {
      void within(graceMs, clean).then(
        () => pool.release(connection, true),
        () => {
          connection.cut()
          return pool.release(connection, false)
        },
      )
    } else {
      // A request that nobody answers holds up nobody: the connection is closed, and its statement with it.
      await within(graceMs, () => cancelled ?? Promise.resolve()).catch(() => undefined)
      await pool.release(connection, false)
      clearTimeout(impatience)
    }
  }
}

/** Rejects when `work` takes too long, as it does on a connection whose other end is gone. */
async function within(timeoutMs: number, work: () => Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('The cleaning took too long.')), timeoutMs)
  try {
    await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
