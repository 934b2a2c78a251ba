import type { Client, Connection, Submittable } from 'pg'
import { EngineUnsupportedError, StatementRefusedError } from '../../errors/errors.ts'
import type { Session } from '../lend.ts'
import { watchRows, type RowMeter } from '../row-meter.ts'
import type { Ask } from './ask.ts'
import type { PortalColumn } from './type-names.ts'

type Row = readonly (string | null)[]

/** One read-only transaction on one connection, in the extended protocol. */
export interface PostgresSession extends Session {
  readonly ask: Ask
  /**
   * Prepares the one statement of a caller and opens it.
   *
   * @throws {@link StatementRefusedError} before anything runs, when it gives no rows.
   */
  open(sql: string): Promise<readonly PortalColumn[]>
  /** Gives at most `count` rows to `take` and says whether there may be more. */
  fetch(count: number, take: (row: Row) => void): Promise<boolean>
  /** Undoes everything; resolves when the server is ready for somebody else, and rejects if not. */
  clean(): Promise<void>
}

/** Settings that are fixed for a transaction, by name. */
export type Pins = ReadonlyMap<string, string>

interface Step {
  readonly take: (row: Row) => void
  readonly settle: (isSuspended: boolean) => void
  readonly fail: (error: unknown) => void
}

const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY'
const undo = ['ROLLBACK', 'DISCARD ALL']

/** Settings that must be what they were set to before a text of a caller is looked at. */
const readBack = ['search_path', 'standard_conforming_strings'] as const

/**
 * Starts a session. BEGIN, the settings and the first question leave together: where one of them
 * fails, the server skips everything that follows.
 */
export function startSession(client: Client, pins: Pins): PostgresSession {
  const steps: Step[] = []
  const wire: { connection?: Connection; isHeldBack: boolean } = { isHeldBack: true }
  let failure: { readonly error: unknown } | undefined
  let described: ((columns: readonly PortalColumn[] | undefined) => void) | undefined
  let isBound = true
  let meter: RowMeter | undefined
  const ready = Promise.withResolvers<void>()
  // Whoever ends the session hears of it; nobody else needs to.
  ready.promise.catch(() => {})

  const step = (take: (row: Row) => void): Promise<boolean> =>
    new Promise((settle, fail) => {
      if (failure === undefined) steps.push({ take, settle, fail })
      else fail(failure.error)
    })
  const fail = (error: unknown): void => {
    failure ??= { error }
    for (const { fail: tell } of steps.splice(0)) tell(error)
  }
  const settle = (isSuspended: boolean): void => steps.shift()?.settle(isSuspended)
  const describe = (columns: readonly PortalColumn[] | undefined): void => {
    described?.(columns)
    settle(false)
  }
  const send = (write: (connection: Connection) => void): void => {
    const { connection } = wire
    if (failure !== undefined || connection === undefined) return
    connection.stream.cork()
    write(connection)
    connection.stream.uncork()
    if (wire.isHeldBack) connection.stream.uncork()
    wire.isHeldBack = false
  }

  const conversation = {
    submit(connection: Connection) {
      wire.connection = connection
      connection.on('noData', noData)
      meter = watchRows(connection.stream, (error) => {
        fail(error)
        ready.reject(error)
        connection.stream.destroy()
      })
      connection.stream.cork()
      run(connection, begin)
      run(connection, pinning(pins), [...pins.values()])
    },
    handleRowDescription({ fields }: { fields: readonly Field[] }) {
      describe(fields.map(toColumn))
    },
    handleDataRow({ fields }: { fields: Row }) {
      meter?.rowCame()
      try {
        steps[0]?.take(fields)
      } catch (error) {
        // Thrown here, it would end the process.
        fail(error)
      }
    },
    handleCommandComplete: () => settle(false),
    handleEmptyQuery: () => settle(false),
    handlePortalSuspended: () => settle(true),
    handleReadyForQuery: () => ready.resolve(),
    handleError(error: unknown, connection: Connection) {
      fail(error)
      ready.reject(error)
      connection.sync()
    },
  } satisfies Submittable & Record<string, unknown>
  const noData = (): void => describe(undefined)

  // The connection is idle, so the conversation begins at once.
  client.query(conversation)
  const begun = step(() => {})
  const pinned = step((row) => checkPins(row, pins, fail))
  begun.catch(() => {})
  pinned.catch(() => {})

  return {
    async ask(sql, values = []) {
      const rows: Row[] = []
      send((connection) => {
        run(connection, sql, values)
        connection.flush()
      })
      await step((row) => rows.push(row))
      return rows
    },
    async open(sql) {
      if (sql.includes('\0')) throw new StatementRefusedError('The text contains a NUL character.')
      let columns: readonly PortalColumn[] | undefined
      described = (found) => (columns = found)
      isBound = false
      send((connection) => {
        connection.parse({ name: '', text: sql, types: [] }, true)
        connection.describe({ type: 'S', name: '' }, true)
        connection.flush()
      })
      await step(() => {})
      if (columns === undefined)
        throw new StatementRefusedError('The statement does not read rows.')
      return columns
    },
    async fetch(count, take) {
      send((connection) => {
        if (!isBound) connection.bind({}, true)
        isBound = true
        connection.execute({ rows: String(count) }, true)
        connection.flush()
      })
      return step(take)
    },
    async clean() {
      const isHealthy = failure === undefined
      const undone = isHealthy ? undo.map(() => step(() => {})) : []
      send((connection) => {
        for (const sql of undo) run(connection, sql)
        connection.sync()
      })
      wire.connection?.off('noData', noData)
      meter?.stop()
      if (isHealthy) await Promise.all([...undone, ready.promise])
      else for (const sql of undo) await client.query(sql)
    },
  }
}

function run(connection: Connection, sql: string, values: readonly string[] = []): void {
  connection.parse({ name: '', text: sql, types: [] }, true)
  connection.bind({ values: [...values] }, true)
  connection.execute({}, true)
}

/** Sets everything for this transaction only, and reads back what texts depend on. */
function pinning(pins: Pins): string {
  const settings = [...pins.keys()].map(
    (name, place) => `set_config('${name}', $${place + 1}, true)`,
  )
  const current = [...readBack, 'transaction_read_only'].map((name) => `current_setting('${name}')`)
  return `SELECT ${[...settings, ...current].join(', ')}`
}

function checkPins(row: Row, pins: Pins, fail: (error: unknown) => void): void {
  const found = row.slice(pins.size)
  const wanted = [...readBack.map((name) => pins.get(name)), 'on']
  if (wanted.every((value, place) => value === found[place])) return
  fail(new EngineUnsupportedError('PostgreSQL did not take the settings of the session.'))
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

function toColumn({ name, dataTypeID, dataTypeModifier }: Field): PortalColumn {
  return { name, typeId: dataTypeID, typeModifier: dataTypeModifier }
}
