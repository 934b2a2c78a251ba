import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { EngineUnsupportedError } from '../../errors/errors.ts'
import type { Cell, ResultColumn } from '../../read/read.ts'
import { createRowReader, parseLine, type RowReader } from './cells.ts'
import { linesOf } from './lines.ts'
import { readingText } from './reading-text.ts'
import { failureIn } from './translated.ts'

/** Takes what a statement gives. */
export interface RowSink {
  readonly maxRows: number
  readonly timeoutMs: number
  columns(columns: readonly ResultColumn[]): void
  /** `false` says that no more rows are wanted. */
  take(row: readonly Cell[]): boolean
}

/** How much later than the client the server gives up, in seconds. */
const serverGraceSeconds = 1

/** How long the server may take to end a statement, and how often it is asked to, in milliseconds. */
const graceMs = 2_000
const askAgainMs = 50

/** What every statement runs with: exact values, and names that mean what the guard takes them for. */
const pinned: ClickHouseSettings = {
  cancel_http_readonly_queries_on_client_close: 1,
  date_time_output_format: 'iso',
  enable_analyzer: 1,
  enable_global_with_statement: 1,
  http_write_exception_in_output_format: 1,
  output_format_json_escape_forward_slashes: 0,
  output_format_json_named_tuples_as_objects: 1,
  output_format_json_quote_64bit_floats: 0,
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  prefer_column_name_to_alias: 0,
  result_overflow_mode: 'break',
  timeout_overflow_mode: 'throw',
}

/** The statements of one role on one server. */
export interface ClickhouseConnection {
  /** Runs one statement in a session that only reads, and gives its rows until `take` wants no more. */
  read(sql: string, sink: RowSink, ending: AbortSignal): Promise<void>
  /** Resolves when no statement runs any more that was ended early. */
  settled(): Promise<void>
}

/** Wraps a client; the server is asked once what the profile of the role permits. */
export function createConnection(client: ClickHouseClient): ClickhouseConnection {
  const endings = new Set<Promise<void>>()
  let profile: ClickHouseSettings | undefined

  const lines = async (query: string, signal: AbortSignal): Promise<readonly string[]> => {
    const { stream } = await client.exec({ query, abort_signal: signal })
    const found: string[] = []
    for await (const line of linesOf(stream)) found.push(line.toString('utf8'))
    return found
  }
  /** A profile that only reads already may not be told so again. */
  const readOnlyOf = async (ending: AbortSignal): Promise<ClickHouseSettings> => {
    const [value = '0'] = await lines(readonlyQuery, ending)
    if (value.includes('1')) throw new EngineUnsupportedError(strictProfile)
    return value.includes('2') ? {} : { readonly: '1' }
  }
  /** Ends a statement on the server, and waits until it is gone. Never rejects. */
  const end = async (queryId: string): Promise<void> => {
    const patience = AbortSignal.timeout(graceMs)
    while (!patience.aborted) {
      try {
        // The role may end what is its own.
        await lines(`KILL QUERY WHERE query_id = '${queryId}' ASYNC FORMAT TSV`, patience).catch(
          () => [],
        )
        const [count] = await lines(
          `SELECT count() FROM system.processes WHERE query_id = '${queryId}' FORMAT TSV`,
          patience,
        )
        if (count?.trim() === '0') return
      } catch {
        // A server that cannot be reached runs nothing of ours that we could end.
        return
      }
      await pause(askAgainMs)
    }
  }

  return {
    async read(sql, sink, ending) {
      const query = readingText(sql)
      const readOnly = (profile ??= await readOnlyOf(ending))
      ending.throwIfAborted()
      const queryId = randomUUID()
      const request = new AbortController()
      const stop = (): void => request.abort()
      ending.addEventListener('abort', stop, { once: true })
      let isDone = false
      try {
        const { stream } = await client.exec({
          query,
          query_id: queryId,
          abort_signal: request.signal,
          clickhouse_settings: {
            ...pinned,
            ...readOnly,
            max_execution_time: Math.ceil(sink.timeoutMs / 1_000) + serverGraceSeconds,
            max_result_rows: String(sink.maxRows + 1),
          },
        })
        isDone = await readRows(stream, sink)
      } finally {
        ending.removeEventListener('abort', stop)
        request.abort()
        if (!isDone) await handled(end(queryId), endings, ending.aborted)
      }
    },
    async settled() {
      await Promise.all(endings)
    },
  }
}

/** Waits for the end of a statement where its caller has to know; else it is waited for at last. */
async function handled(
  ended: Promise<void>,
  endings: Set<Promise<void>>,
  mustKnow: boolean,
): Promise<void> {
  const kept = ended.finally(() => endings.delete(kept))
  endings.add(kept)
  if (mustKnow) await kept
}

/** Hands on the rows of an answer; `false` when there may be more. */
async function readRows(stream: AsyncIterable<unknown>, sink: RowSink): Promise<boolean> {
  let names: readonly unknown[] | undefined
  let read: RowReader | undefined
  for await (const line of linesOf(stream)) {
    if (line.length === 0) continue
    if (line[0] !== openBracket) throw failureIn(line.toString('utf8'))
    if (read !== undefined) {
      if (!sink.take(read(line))) return false
    } else if (names === undefined) names = parseLine(line)
    else {
      const types = parseLine(line).map(String)
      sink.columns(types.map((type, place) => ({ name: String(names?.[place]), type })))
      read = createRowReader(types)
    }
  }
  return true
}

const openBracket = 0x5b

const readonlyQuery = `SELECT value FROM system.settings WHERE name = 'readonly' FORMAT TSV`

const strictProfile =
  'The profile of the role has readonly = 1 and takes no limits; leave readonly out of it.'
