import { createClient } from '@clickhouse/client'
import { checkAtLeast } from '../../errors/check.ts'
import { DatabaseClosedError, OptionInvalidError } from '../../errors/errors.ts'
import { lateness, monotonicNow, type Now, startDeadline } from '../../read/deadline.ts'
import type { ReadCaps, ReadResult, ResultColumn } from '../../read/read.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import type { Engine } from '../engine.ts'
import { untilOver } from '../lend.ts'
import { createConnection } from './connection.ts'
import { introspectClickhouse } from './introspect.ts'
import { translated } from './translated.ts'

/** Options for {@link clickhouse}. */
export interface ClickhouseOptions {
  /** Such as `https://db.example:8443`; without a user and a password. It appears in no message. */
  readonly url: string
  readonly database: string
  /** @defaultValue `'default'` */
  readonly user?: string | undefined
  /** @defaultValue none */
  readonly password?: string | undefined
  /**
   * Requests at the same time at the most; an integer from 1 up. Others wait.
   * @defaultValue 10
   */
  readonly maxConnections?: number | undefined
  /**
   * A clock that only goes forward, in milliseconds.
   * @defaultValue `performance.now`
   */
  readonly now?: Now | undefined
}

/** The time of questions of ours, in milliseconds. */
const ownCaps: ReadCaps = { maxRows: 1_000_000, maxBytes: 268_435_456, timeoutMs: 60_000 }

const rowsBetweenLooks = 500

/** The client's own limit on a request, in milliseconds; readings end by their caps before. */
const requestTimeoutMs = 86_400_000

/**
 * Reads a ClickHouse server of version 24.8 or later through `@clickhouse/client`.
 *
 * Each reading is one statement with `readonly = 1`, or under a profile with `readonly = 2`, with
 * limits and settings of its own. Leave `readonly` out of the profile where you can: 2 lets table
 * functions run that reach out. Rows are read as they come. Abort and timeout end the request and
 * the statement on the server, and the caller waits until it is gone.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { clickhouse } from '@t2t/database/clickhouse'
 *
 * const engine = clickhouse({ url: 'http://localhost:8123', database: 'shop', user: 'reader' })
 * ```
 */
export function clickhouse(options: ClickhouseOptions): Engine {
  const { url, database, user = 'default', password = '', maxConnections = 10 } = options
  const { now = monotonicNow } = options
  checkAtLeast('maxConnections', maxConnections, 1)
  checkUrl(url)
  if (database === '') throw new OptionInvalidError('database must name a database.')
  const closing = new AbortController()
  const client = createClient({
    url,
    database,
    username: user,
    password,
    max_open_connections: maxConnections + 1,
    request_timeout: requestTimeoutMs,
    keep_alive: { enabled: true },
    log: { level: 127 },
  })
  const connection = createConnection(client)

  const read = async (sql: string, caps: ReadCaps, signal: AbortSignal): Promise<ReadResult> => {
    if (closing.signal.aborted) throw new DatabaseClosedError()
    const over = AbortSignal.any([signal, closing.signal])
    const deadline = startDeadline(caps.timeoutMs, over, now)
    return untilOver(deadline, caps.timeoutMs, over, translated, async (ending) => {
      const collector = createRowCollector(caps)
      let columns: readonly ResultColumn[] = []
      let late: unknown
      const sink = {
        maxRows: caps.maxRows,
        timeoutMs: caps.timeoutMs,
        columns: (described: readonly ResultColumn[]) => void (columns = described),
        take(row: Parameters<typeof collector.add>[0]): boolean {
          if (collector.rows.length % rowsBetweenLooks === 0) late = lateness(deadline)
          return late === undefined && collector.add(row)
        },
      }
      await connection.read(sql, sink, ending)
      if (late !== undefined) throw late
      return { columns, ...collector.collected(), durationMs: deadline.elapsedMs() }
    })
  }

  return {
    dialect: 'clickhouse',
    read,
    introspect: (signal) =>
      introspectClickhouse(async (sql) => (await read(sql, ownCaps, signal)).rows),
    async ping(signal) {
      await read('SELECT 1', ownCaps, signal)
    },
    async close() {
      closing.abort(new DatabaseClosedError())
      await connection.settled()
      await client.close()
    },
  }
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new OptionInvalidError('url must be one of http or https.')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new OptionInvalidError('url must not hold a user or a password; give them as options.')
  }
}
