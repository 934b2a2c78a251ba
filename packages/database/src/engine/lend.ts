import { DatabaseClosedError } from '../errors/errors.ts'
import { startDeadline, watchDeadline, type Deadline, type Now } from '../read/deadline.ts'
import type { Pool } from './pool.ts'
import { within } from './within.ts'

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

/** What a caller uses of a connection, and what makes that ready for the next one. */
export interface Session {
  /** Undoes everything; rejects where the connection cannot be used again. */
  clean(): Promise<unknown>
}

/** Lends the connections of a pool, one session at a time each. */
export interface Sessions<Lent extends Session> {
  /**
   * Runs `body` on a connection until it is done, the time is over, the caller goes or all is closed.
   *
   * @throws {@link DatabaseClosedError} when it is closed.
   */
  use<Value>(
    timeoutMs: number,
    signal: AbortSignal,
    body: (session: Lent, deadline: Deadline) => Promise<Value>,
  ): Promise<Value>
  /** Ends what runs, and resolves when every connection is closed. */
  close(): Promise<void>
}

/** Lends the connections of `pool`; `start` begins a session on one of them. */
export function createSessions<Connection extends Lendable, Lent extends Session>(options: {
  readonly pool: Pool<Connection>
  readonly now: Now
  readonly translated: (error: unknown) => unknown
  readonly start: (connection: Connection, timeoutMs: number) => Lent
}): Sessions<Lent> {
  const { pool, now, translated, start } = options
  const closing = new AbortController()

  return {
    async use(timeoutMs, signal, body) {
      if (closing.signal.aborted) throw new DatabaseClosedError()
      const over = AbortSignal.any([signal, closing.signal])
      const deadline = startDeadline(timeoutMs, over, now)
      return untilOver(deadline, timeoutMs, over, translated, async (ending) => {
        const connection = await pool.acquire(ending)
        const session = start(connection, timeoutMs)
        return lend(pool, connection, ending, {
          body: () => body(session, deadline),
          clean: () => session.clean(),
        })
      })
    },
    async close() {
      closing.abort(new DatabaseClosedError())
      await pool.close()
    },
  }
}

/**
 * Lends a connection to `body`. When that came to its end, the connection is made clean behind the
 * caller's back; when it was cancelled, the caller waits until the server has ended the statement,
 * and the connection is closed.
 */
async function lend<Connection extends Lendable, Value>(
  pool: Pool<Connection>,
  connection: Connection,
  ending: AbortSignal,
  { body, clean }: { readonly body: () => Promise<Value>; readonly clean: () => Promise<unknown> },
): Promise<Value> {
  const cutting = Promise.withResolvers<never>()
  let cancelled: Promise<void> | undefined
  let isAsking = false
  let isCut = false
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
      isCut = true
      connection.cut()
      cutting.reject(ending.reason)
    }, graceMs)
  }
  ending.addEventListener('abort', cancel, { once: true })
  try {
    ending.throwIfAborted()
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
      const request = cancelled
      if (!isCut) await within(graceMs, () => request).catch(() => undefined)
      clearTimeout(impatience)
      await pool.release(connection, false)
    }
  }
}
