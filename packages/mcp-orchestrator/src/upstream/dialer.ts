import type { Clock } from '@t2t/resilience'
import { startDeadline } from '../clock/deadline.ts'
import { SharedWork } from '../clock/shared-work.ts'
import type { Turns } from '../clock/turns.ts'
import type { ConnectionError } from '../errors/connection-error.ts'
import { asConnectionError } from '../outcome/failure.ts'
import type { Connection, ConnectionNotice, Connector } from './connection.ts'

/** What a dialer needs, and whom it tells. */
export interface DialerOptions {
  readonly connector: Connector
  readonly timeoutMs: number
  readonly clock: Clock
  /** Bounds how many servers are connected to at the same time. */
  readonly turns: Turns
  readonly onConnected: (connection: Connection, durationMs: number) => void
  readonly onFailed: (error: ConnectionError) => void
  /** A connection that was made has ended by itself. */
  readonly onEnded: (connection: Connection, error: ConnectionError) => void
  readonly onNotice: (notice: Exclude<ConnectionNotice, { readonly type: 'closed' }>) => void
}

/** Makes connections, one at a time, however many wait for one. */
export interface Dialer {
  isDialing(): boolean
  /** Joins the attempt that is under way, or starts one. The last who stops waiting ends it. */
  dial(signal: AbortSignal): Promise<Connection>
  /** Ends the attempt that is under way; resolves when no connector is busy any more. */
  close(reason: ConnectionError): Promise<void>
}

/** What is known about one connection from its first moment on. */
interface Line {
  connection?: Connection
  ended?: ConnectionError
}

/** Creates a dialer for one server. */
export function createDialer(options: DialerOptions): Dialer {
  const { connector, timeoutMs, clock, turns } = options
  let busy: Set<Promise<void>> | undefined
  const attempt = new SharedWork<Connection>()
  let underWay: AbortController | undefined

  async function open(controller: AbortController): Promise<Connection> {
    underWay = controller
    try {
      return await turns.run(controller.signal, () => connect(controller))
    } catch (error) {
      const failed = asConnectionError(error, 'unreachable')
      const isAbandoned = error === controller.signal.reason && failed !== error
      if (!isAbandoned) options.onFailed(failed)
      throw failed
    } finally {
      if (underWay === controller) underWay = undefined
    }
  }

  async function connect(controller: AbortController): Promise<Connection> {
    const started = clock.now()
    const line: Line = {}
    using deadline = startDeadline(timeoutMs, clock, controller.signal)
    const connection = await deadline.run((signal) => track(signal, line))
    line.connection = connection
    options.onConnected(connection, clock.now() - started)
    if (line.ended !== undefined) options.onEnded(connection, line.ended)
    return connection
  }

  /** Calls the connector; a connection that comes when nobody wants it any more is closed. */
  function track(signal: AbortSignal, line: Line): Promise<Connection> {
    const opening = connector.connect(signal, (notice) => {
      if (notice.type !== 'closed') options.onNotice(notice)
      else {
        line.ended = notice.error
        if (line.connection !== undefined) options.onEnded(line.connection, notice.error)
      }
    })
    const finished = opening
      .then((late) => (signal.aborted ? late.close() : undefined))
      .catch(() => undefined)
      .finally(() => busy?.delete(finished))
    busy ??= new Set()
    busy.add(finished)
    return opening
  }

  return {
    isDialing: () => attempt.isRunning,
    dial: (signal) => attempt.join(signal, open),
    close: async (reason) => {
      underWay?.abort(reason)
      if (busy !== undefined) await Promise.all(busy)
    },
  }
}
