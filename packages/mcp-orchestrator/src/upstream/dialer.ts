import type { Clock } from '@t2t/resilience'
import { settleWith, startDeadline } from '../clock/deadline.ts'
import type { ConnectionError } from '../errors/errors.ts'
import { asConnectionError } from '../outcome/failure.ts'
import type { Connection, Connector } from './connection.ts'

/** What a dialer needs, and whom it tells. */
export interface DialerOptions {
  readonly connector: Connector
  readonly timeoutMs: number
  readonly clock: Clock
  /** Ends every attempt. */
  readonly lifetime: AbortSignal
  readonly onConnected: (connection: Connection, durationMs: number) => void
  readonly onFailed: (error: ConnectionError) => void
}

/** Makes connections, one at a time, however many wait for one. */
export interface Dialer {
  readonly isDialing: boolean
  /** Joins the attempt that is under way, or starts one. The last who stops waiting ends it. */
  dial(signal: AbortSignal): Promise<Connection>
  /** Ends when no connector is busy any more. */
  settled(): Promise<void>
}

interface Attempt {
  readonly controller: AbortController
  readonly connection: Promise<Connection>
  waiters: number
}

/** Creates a dialer for one server. */
export function createDialer(options: DialerOptions): Dialer {
  const { connector, timeoutMs, clock, lifetime } = options
  const busy = new Set<Promise<void>>()
  let attempt: Attempt | undefined

  function start(): Attempt {
    const controller = new AbortController()
    const connection = open(controller)
    // Whoever waits sees the rejection; when nobody waits any more there is nobody to tell.
    connection.catch(() => undefined)
    return { controller, connection, waiters: 0 }
  }

  async function open(controller: AbortController): Promise<Connection> {
    const started = clock.now()
    using deadline = startDeadline(timeoutMs, clock, [controller.signal, lifetime])
    try {
      const connection = await deadline.run(track)
      options.onConnected(connection, clock.now() - started)
      return connection
    } catch (error) {
      const failed = asConnectionError(error, 'unreachable')
      const isAbandoned = error === controller.signal.reason && failed !== error
      if (!isAbandoned) options.onFailed(failed)
      throw failed
    } finally {
      if (attempt?.controller === controller) attempt = undefined
    }
  }

  /** Calls the connector; a connection that comes when nobody wants it any more is closed. */
  function track(signal: AbortSignal): Promise<Connection> {
    const opening = connector.connect(signal)
    const finished = opening
      .then((late) => (signal.aborted ? late.close() : undefined))
      .catch(() => undefined)
      .finally(() => busy.delete(finished))
    busy.add(finished)
    return opening
  }

  return {
    get isDialing() {
      return attempt !== undefined
    },
    dial: async (signal) => {
      signal.throwIfAborted()
      const joined = (attempt ??= start())
      joined.waiters += 1
      try {
        return await settleWith(signal, () => joined.connection)
      } finally {
        joined.waiters -= 1
        if (joined.waiters === 0 && attempt === joined) {
          attempt = undefined
          joined.controller.abort(signal.reason)
        }
      }
    },
    settled: async () => {
      await Promise.all(busy)
    },
  }
}
