import type { Connection, PrepareStatementInfo } from 'mysql2'
import { StatementRefusedError } from '../../errors/errors.ts'
import { watchRows } from '../row-meter.ts'
import { beginsReading } from './reading-text.ts'
import { cutOff, listOf, promised, streamOf } from './wire.ts'

/** Where rows go. */
export interface RowSink {
  columns(columns: readonly MysqlColumn[]): void
  /** Says whether more rows are wanted. */
  take(row: readonly unknown[]): boolean
}

/** An output column, as the server describes it. */
export interface MysqlColumn {
  readonly name: string
  readonly columnType: number
}

/** Rows beyond the cap that are read away, because that is faster than a new connection. */
const rowsReadAway = 500

/**
 * Prepares one statement and streams its rows until the sink wants no more.
 *
 * @returns whether the server sent all rows; if not, the connection must be closed
 * @throws {@link StatementRefusedError} before anything runs, when the statement gives no rows.
 */
export async function readPrepared(
  connection: Connection,
  sql: string,
  sink: RowSink,
): Promise<boolean> {
  if (!beginsReading(sql)) throw new StatementRefusedError('The text is not a reading statement.')
  const statement = await promised<PrepareStatementInfo>((done) => connection.prepare(sql, done))
  if (!givesRows(statement)) throw new StatementRefusedError('The statement does not read rows.')

  return untilLost(connection, (resolve, reject, rowCame) => {
    let isWanted = true
    let unwanted = 0
    const running = statement.execute([])
    running.on('fields', (fields: unknown) => sink.columns(columnsOf(fields)))
    running.on('result', (row: unknown) => {
      rowCame()
      try {
        if (isWanted) isWanted = sink.take(listOf(row))
      } catch (error) {
        // Thrown here, it would end the process.
        isWanted = false
        reject(error)
      }
      if (isWanted) return
      unwanted += 1
      if (unwanted <= rowsReadAway) return
      connection.pause()
      resolve(false)
    })
    running.on('error', reject)
    running.on('end', () => resolve(true))
  })
}

/** A command without a callback hears nothing of a lost connection; the connection does. */
function untilLost<Value>(
  connection: Connection,
  begin: (
    resolve: (value: Value) => void,
    reject: (error: unknown) => void,
    rowCame: () => void,
  ) => void,
): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const meter = watchRows(streamOf(connection), (error) => {
    reject(error)
    cutOff(connection)
  })
  connection.on('error', reject)
  begin(resolve, reject, () => meter.rowCame())
  return promise.finally(() => {
    meter.stop()
    connection.off('error', reject)
  })
}

function givesRows(statement: object): boolean {
  return 'columns' in statement && listOf(statement.columns).length > 0
}

function columnsOf(fields: unknown): readonly MysqlColumn[] {
  return listOf(fields).filter(
    (field): field is MysqlColumn =>
      typeof field === 'object' && field !== null && 'name' in field && 'columnType' in field,
  )
}
