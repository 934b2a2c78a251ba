import type { ClientConfig } from 'pg'
import { checkAtLeast } from '../../errors/check.ts'
import { OptionInvalidError } from '../../errors/errors.ts'
import { monotonicNow } from '../../read/deadline.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import { createSessions } from '../lend.ts'
import { createPool, type PooledEngine } from '../pool.ts'
import { freshSeed, quotedName } from './ask.ts'
import { toCell } from './cells.ts'
import { openConnection, type PostgresConnection } from './connection.ts'
import { introspectPostgres } from './introspect.ts'
import type { PostgresOptions } from './postgres.ts'
import { startSession, type Pins } from './session.ts'
import { translated } from './translated.ts'
import { createTypeNames } from './type-names.ts'

/** Rows that are asked for at once; the server sends no more before it is asked again. */
const rowsPerPortion = 2_000

/** The time of questions of ours, in milliseconds. */
const ownTimeoutMs = 60_000

/** How much later than the client the server gives up, in milliseconds. */
const serverGraceMs = 1_000

/** How sessions and their pool are, wherever the server is. */
export type PostgresSessionOptions = Pick<
  PostgresOptions,
  'maxConnections' | 'idleMs' | 'lockTimeoutMs' | 'searchPath' | 'now'
>

/** An engine on connections of its own. @throws {@link OptionInvalidError} when an option cannot work. */
export function pooledPostgres(
  config: ClientConfig,
  options: PostgresSessionOptions,
): PooledEngine {
  const { maxConnections = 10, idleMs = 30_000, searchPath = ['public'] } = options
  const { lockTimeoutMs = 2_000, now = monotonicNow } = options
  checkAtLeast('maxConnections', maxConnections, 1)
  checkAtLeast('idleMs', idleMs, 0)
  checkAtLeast('lockTimeoutMs', lockTimeoutMs, 1)
  if (searchPath.length === 0) throw new OptionInvalidError('searchPath must name a schema.')

  const typeNames = createTypeNames()
  const pool = createPool<PostgresConnection>({
    maxConnections,
    idleMs,
    open: () => openConnection(config),
    isUsable: (connection) => connection.isUsable,
    close: (connection) => connection.close(),
  })

  const sessions = createSessions({
    pool,
    now,
    translated,
    start: ({ client }, timeoutMs) =>
      startSession(client, pinsOf(searchPath, timeoutMs, lockTimeoutMs)),
  })

  return {
    dialect: 'postgres',
    read: (sql, caps, signal) =>
      sessions.use(caps.timeoutMs, signal, async (session, deadline) => {
        const described = await session.open(sql).catch((error: unknown) => {
          throw translated(error, { preparing: sql })
        })
        deadline.check()
        const collector = createRowCollector(caps)
        const typeIds = described.map(({ typeId }) => typeId)
        let isFull = false
        const take = (row: readonly (string | null)[]): void => {
          isFull ||= !collector.add(row.map((text, place) => toCell(text, typeIds[place] ?? 0)))
        }
        for (let hasMore = true; hasMore && !isFull;) {
          // One row more than the cap tells whether there were more.
          const wanted = caps.maxRows + 1 - collector.rows.length
          hasMore = await session.fetch(Math.min(wanted, rowsPerPortion), take)
          deadline.check()
        }
        const spellings = await typeNames.of(session.ask, described)
        const columns = described.map(({ name }, place) => ({ name, type: spellings[place] ?? '' }))
        const durationMs = deadline.elapsedMs()
        return { columns, ...collector.collected(), durationMs }
      }),
    introspect: (signal) =>
      sessions.use(ownTimeoutMs, signal, ({ ask }) => introspectPostgres(ask, searchPath)),
    async ping(signal) {
      await sessions.use(ownTimeoutMs, signal, ({ ask }) => ask('SELECT 1'))
    },
    pool: () => pool.figures(),
    onPoolChange: (listener) => pool.onChange(listener),
    close: () => sessions.close(),
  }
}

function pinsOf(searchPath: readonly string[], timeoutMs: number, lockTimeoutMs: number): Pins {
  return new Map([
    ['search_path', searchPath.map(quotedName).join(', ')],
    ['standard_conforming_strings', 'on'],
    ['transform_null_equals', 'off'],
    ['client_encoding', 'UTF8'],
    ['TimeZone', 'UTC'],
    ['DateStyle', 'ISO, YMD'],
    ['IntervalStyle', 'iso_8601'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', '1'],
    // What one caller draws at random must not follow from what another one has set.
    ['seed', freshSeed()],
    ['lock_timeout', String(lockTimeoutMs)],
    ['statement_timeout', String(timeoutMs + serverGraceMs)],
    ['idle_in_transaction_session_timeout', String(timeoutMs + serverGraceMs)],
  ])
}
