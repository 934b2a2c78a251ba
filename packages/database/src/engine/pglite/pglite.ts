import type { Catalog } from '@t2t/sql-guard'
import { DatabaseClosedError, OptionInvalidError } from '../../errors/errors.ts'
import { monotonicNow, startDeadline, type Deadline, type Now } from '../../read/deadline.ts'
import type { ReadCaps, ReadResult } from '../../read/read.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import type { Engine } from '../engine.ts'
import { toCell } from '../postgres/cells.ts'
import { introspectPostgres } from '../postgres/introspect.ts'
import { createTypeNames } from '../postgres/type-names.ts'
import { remoteEngine } from '../remote/remote.ts'
import type { PgliteClient, PgliteTransaction } from './client.ts'
import { openImage } from './open-image.ts'
import { withPortal } from './portal.ts'
import { createQueue } from './queue.ts'
import { asking, inReadOnlySession } from './session.ts'
import { startWorker } from './worker-host.ts'

/** Options for {@link pglite}: either `client` or `image`. */
export interface PgliteOptions {
  /**
   * An open PGlite. The engine takes it over: it runs DISCARD ALL after each reading, which ends
   * your prepared statements and LISTENs, and closes it together with the engine.
   */
  readonly client?: PgliteClient | undefined
  /** What `dumpDataDir()` gave: a path or its content. It is loaded into memory when first used. */
  readonly image?: string | Blob | undefined
  /**
   * Where statements run. In a thread of its own, one that computes for ever is ended together with
   * that thread, and a new one opens the image again. It needs `image`.
   * @defaultValue `'this-thread'`
   */
  readonly runsIn?: 'this-thread' | 'own-thread' | undefined
  /**
   * Schemas in which names without a schema are looked up.
   * @defaultValue `['public']`
   */
  readonly searchPath?: readonly string[] | undefined
  /**
   * A clock that only goes forward, in milliseconds.
   * @defaultValue `performance.now`
   */
  readonly now?: Now | undefined
}

const rowsPerPortion = 200

/**
 * Reads an embedded PostgreSQL through PGlite.
 *
 * Each reading is a read-only transaction with pinned settings that is rolled back, followed by
 * DISCARD ALL; readings run one after the other. Rows are fetched in portions, and caps, abort and
 * time are looked at between them. A statement that computes for long *without* giving a row blocks
 * its thread until it is done, as PGlite ignores `statement_timeout`: where strangers ask questions,
 * let it run in a thread of its own.
 *
 * @throws {@link OptionInvalidError} at once, when not exactly one source is given.
 *
 * @example
 * ```ts
 * import { PGlite } from '@electric-sql/pglite'
 * import { pglite } from '@t2t/database/pglite'
 *
 * const engine = pglite({ client: await PGlite.create() })
 * ```
 */
export function pglite(options: PgliteOptions): Engine {
  const { client, image, searchPath = ['public'], now = monotonicNow } = options
  const source = client ?? image
  if (source === undefined || (client !== undefined && image !== undefined)) {
    throw new OptionInvalidError('pglite needs either client or image.')
  }
  if (searchPath.length === 0) throw new OptionInvalidError('searchPath must name a schema.')

  if (options.runsIn === 'own-thread') {
    if (image === undefined) throw new OptionInvalidError('pglite needs image for its own thread.')
    const data = { image, searchPath }
    return remoteEngine('postgres', (listener) => startWorker(data, listener), now)
  }

  const queue = createQueue()
  const typeNames = createTypeNames()
  let opening: Promise<PgliteClient> | undefined
  let isClosed = false

  const inSession = <Value>(
    signal: AbortSignal,
    body: (transaction: PgliteTransaction, connected: PgliteClient) => Promise<Value>,
  ): Promise<Value> =>
    queue.run(async () => {
      if (isClosed) throw new DatabaseClosedError()
      opening ??= open(source)
      const connected = await opening
      return inReadOnlySession(connected, searchPath, (transaction) => body(transaction, connected))
    }, signal)

  const readPortions = async (
    transaction: PgliteTransaction,
    connected: PgliteClient,
    sql: string,
    caps: ReadCaps,
    deadline: Deadline,
  ): Promise<ReadResult> => {
    deadline.check()
    const collector = createRowCollector(caps)
    const described = await withPortal(connected, sql, async (portal) => {
      const typeIds = portal.columns.map(({ typeId }) => typeId)
      for (;;) {
        const portion = await portal.fetch(rowsPerPortion)
        await deadline.breathe()
        if (isClosed) throw new DatabaseClosedError()
        const isFull = portion.some(
          (row) => !collector.add(row.map((text, place) => toCell(text, typeIds[place] ?? 0))),
        )
        if (isFull || portion.length < rowsPerPortion) return portal.columns
      }
    })
    const spellings = await typeNames.of(asking(transaction), described)
    const columns = described.map(({ name }, place) => ({ name, type: spellings[place] ?? '' }))
    const durationMs = deadline.elapsedMs()
    return { columns, ...collector.collected(), durationMs }
  }

  return {
    dialect: 'postgres',
    async read(sql, caps, signal) {
      const deadline = startDeadline(caps.timeoutMs, signal, now)
      return inSession(signal, (transaction, connected) =>
        readPortions(transaction, connected, sql, caps, deadline),
      )
    },
    async introspect(signal): Promise<Catalog> {
      return inSession(signal, (transaction) => introspectPostgres(asking(transaction), searchPath))
    },
    async ping(signal) {
      await inSession(signal, (transaction) => transaction.query('SELECT 1'))
    },
    async close() {
      if (isClosed) return
      isClosed = true
      const never = new AbortController().signal
      await queue.run(async () => {
        if (opening !== undefined) await (await opening).close()
        else if (client !== undefined) await client.close()
      }, never)
    },
  }
}

async function open(source: PgliteClient | string | Blob): Promise<PgliteClient> {
  return typeof source === 'string' || source instanceof Blob ? openImage(source) : source
}
