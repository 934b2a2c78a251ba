import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FromChild, ToChild } from './protocol.ts'

/** A server with ClickHouse's HTTP protocol in front of the embedded engine. */
export interface ChdbServer {
  readonly url: string
  /** Ids of the statements that run or wait. */
  readonly running: ReadonlySet<string>
  /** Ends the process of the engine, as a crash would. */
  crash(): void
  close(): Promise<void>
}

/** How long a statement that gives nothing may go on after it was cancelled, in milliseconds. */
const graceMs = 1_000

/**
 * Starts a server. The engine, its read-only session, formats, settings and errors are real. The
 * HTTP protocol is ours: one statement at a time, `KILL QUERY` and `system.processes` by a list of
 * our own, and a statement that gives no rows is ended together with the process that runs it.
 */
export async function startChdbServer(
  folder: string,
  statements: readonly string[],
): Promise<ChdbServer> {
  const data = await mkdtemp(join(tmpdir(), 't2t-chdb-'))
  const running = new Set<string>()
  const cancels = new Map<string, () => void>()
  let child = startChild(folder, join(data, 'data'), statements)
  let queue: Promise<unknown> = child
  await child

  const inTurn = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = queue.then(work, work)
    queue = turn.catch(() => undefined)
    return turn
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const sql = Buffer.concat(await Array.fromAsync(request)).toString('utf8')
    const id = searchParams.get('query_id') ?? ''
    const own = ownAnswer(sql, running, cancels)
    if (own !== undefined) {
      response.end(own)
      return
    }
    // Whoever asked may be gone before the statement was known.
    if (response.closed) return
    // A statement that waits is gone as soon as it is cancelled; one that runs, when it has ended.
    running.add(id)
    let isGone = false
    const leave = (): void => {
      isGone = true
      running.delete(id)
    }
    cancels.set(id, leave)
    response.on('close', () => cancels.get(id)?.())
    try {
      await inTurn(async () => {
        const engine = await child
        if (isGone || response.destroyed) return
        const killed = await stream(engine, questionOf(sql, searchParams), response, (how) => {
          cancels.set(id, how)
        })
        if (killed) child = startChild(folder, join(data, 'data'))
      })
    } finally {
      running.delete(id)
      cancels.delete(id)
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    running,
    crash() {
      void child.then((engine) => engine.kill('SIGKILL'))
    },
    async close() {
      server.closeAllConnections()
      server.close()
      const engine = await child
      engine.kill('SIGKILL')
      if (engine.exitCode === null && engine.signalCode === null) await once(engine, 'exit')
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function startChild(
  folder: string,
  data: string,
  statements?: readonly string[],
): Promise<ChildProcess> {
  const freshness = statements === undefined ? 'kept' : 'fresh'
  const child = fork(
    join(import.meta.dirname, 'processes', 'chdb-child.ts'),
    [folder, data, freshness],
    {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  const ready = Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('The engine did not open.'))),
  ])
  tell(child, { kind: 'open', statements: statements ?? [] })
  await ready
  return child
}

function tell(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message)
}

/** Hands on the parts of an answer; gives whether the process had to be ended. */
async function stream(
  child: ChildProcess,
  question: ToChild,
  response: ServerResponse,
  onCancel: (cancel: () => void) => void,
): Promise<boolean> {
  let isCancelled = false
  let impatience: NodeJS.Timeout | undefined
  // Every part of an answer is replied to once, so that no reply meets another statement.
  let reply: (() => void) | undefined
  const over = Promise.withResolvers<void>()
  const cancel = (): void => {
    if (isCancelled) return
    isCancelled = true
    impatience = setTimeout(() => child.kill('SIGKILL'), graceMs)
    reply?.()
  }
  onCancel(cancel)
  const take = (message: FromChild): void => {
    if (message.kind === 'part') {
      reply = () => {
        reply = undefined
        tell(child, { kind: isCancelled ? 'cancel' : 'more' })
      }
      if (isCancelled) reply()
      else response.write(message.bytes, () => reply?.())
      return
    }
    if (message.kind === 'failed') fail(response, message.message)
    else response.end()
    over.resolve()
  }
  const end = (): void => {
    response.destroy()
    over.resolve()
  }
  child.on('message', take)
  child.once('exit', end)
  tell(child, question)
  await over.promise
  clearTimeout(impatience)
  child.off('message', take)
  child.off('exit', end)
  return child.killed || child.exitCode !== null || child.signalCode !== null
}

function fail(response: ServerResponse, message: string): void {
  const text = message.replace(/^Query failed: /, '')
  if (!response.headersSent) {
    const [, code = '1'] = /Code: (\d+)/.exec(text) ?? []
    response.writeHead(500, { 'x-clickhouse-exception-code': code })
  }
  response.end(text)
}

/** Answers to what is asked about statements that run. */
function ownAnswer(
  sql: string,
  running: ReadonlySet<string>,
  cancels: ReadonlyMap<string, () => void>,
): string | undefined {
  const [, what, id = ''] =
    /^(KILL QUERY|SELECT count\(\) FROM system\.processes) WHERE query_id = '([\w-]+)'/.exec(sql) ??
    []
  if (what === undefined) return undefined
  if (what === 'KILL QUERY') cancels.get(id)?.()
  return what === 'KILL QUERY' ? '' : running.has(id) ? '1\n' : '0\n'
}

/** Parameters of the protocol that are no settings. */
const noSettings: ReadonlySet<string> = new Set(['query_id', 'database', 'session_id', 'role'])

function questionOf(sql: string, parameters: URLSearchParams): ToChild {
  const settings = [...parameters].filter(([name]) => !noSettings.has(name))
  return { kind: 'ask', sql, settings, database: parameters.get('database') ?? '' }
}
