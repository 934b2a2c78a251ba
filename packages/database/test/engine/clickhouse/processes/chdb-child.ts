/**
 * A process with an embedded ClickHouse, whose session really only reads: it is opened with
 * `readonly = 2`, as the profile of a reader is. It answers one question after the other, and hands
 * on the next part of an answer when it is asked for.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { FromChild, ToChild } from '../protocol.ts'

interface Stream extends AsyncIterable<{ raw(): Uint8Array }> {
  cancel(): void
}

interface Session {
  query(sql: string, format?: string): string
  queryStream(sql: string, options: { readonly format: string }): Stream
  close(): void
}

type Chdb = {
  readonly Session: new (
    path: string,
    options?: { readonly connectionArgs: readonly string[] },
  ) => Session
}

const [, , folder = '', data = '', isFresh = ''] = process.argv
const { Session }: Chdb = createRequire(join(folder, 'node_modules', 'x'))('chdb')

function send(message: FromChild): void {
  process.send?.(message)
}

let wanted: ((message: ToChild) => void) | undefined
const waiting: ToChild[] = []

process.on('message', (message: ToChild) => {
  if (wanted === undefined) waiting.push(message)
  else wanted(message)
})

async function nextMessage(): Promise<ToChild> {
  const first = waiting.shift()
  if (first !== undefined) return first
  const { promise, resolve } = Promise.withResolvers<ToChild>()
  wanted = resolve
  const message = await promise
  wanted = undefined
  return message
}

function open(statements: readonly string[]): Session {
  if (isFresh === 'fresh') {
    const writer = new Session(data)
    for (const statement of statements) writer.query(statement)
    writer.close()
  }
  return new Session(data, { connectionArgs: ['--readonly=2', '--max_threads=2'] })
}

async function answer(
  session: Session,
  { sql, database, settings }: Extract<ToChild, { readonly kind: 'ask' }>,
): Promise<void> {
  try {
    if (database !== '') session.query(`USE ${database}`)
    take(session, new Map(settings))
    const text = sql.replace(/\nFORMAT \w+$/, '')
    const format = /\nFORMAT (\w+)$/.exec(sql)?.[1] ?? 'TSV'
    // The embedded engine hands on parts of a query only.
    const stream = /^\s*(?:SHOW|DESC|EXISTS)/i.test(text)
      ? wholeAnswer(session.query(text, format))
      : session.queryStream(text, { format })
    for await (const chunk of stream) {
      send({ kind: 'part', bytes: chunk.raw() })
      if ((await nextMessage()).kind !== 'more') {
        stream.cancel()
        break
      }
    }
    send({ kind: 'end' })
  } catch (error) {
    send({ kind: 'failed', message: error instanceof Error ? error.message : 'unknown' })
  }
}

function wholeAnswer(answer: string): Stream {
  return {
    async *[Symbol.asyncIterator]() {
      yield { raw: () => Buffer.from(answer) }
    },
    cancel() {},
  }
}

let taken: ReadonlyMap<string, string> = new Map()

/** Gives the session the settings of one question, which are mostly those of the last one. */
function take(session: Session, settings: ReadonlyMap<string, string>): void {
  for (const name of taken.keys()) {
    if (!settings.has(name)) session.query(`SET ${name} = DEFAULT`)
  }
  for (const [name, value] of settings) {
    if (taken.get(name) !== value) session.query(`SET ${name} = ${literal(value)}`)
  }
  taken = settings
}

function literal(value: string): string {
  return /^\d+$/.test(value) ? value : `'${value}'`
}

// Nobody reads on after the tests are gone.
process.on('disconnect', () => process.exit())

const first = await nextMessage()
const session = open(first.kind === 'open' ? first.statements : [])
send({ kind: 'ready' })
for (;;) {
  const message = await nextMessage()
  if (message.kind === 'ask') await answer(session, message)
}
