import mysql, { type Connection, type ConnectionOptions } from 'mysql2'
import { cutOff, promised } from './wire.ts'

/** Ends what runs on other connections of the same role, over a connection of its own. */
export interface Killer {
  /** Resolves when the server has heard it, or cannot be reached. Never rejects. */
  kill(threadId: number, what: 'QUERY' | 'CONNECTION'): Promise<void>
  close(): Promise<void>
}

/**
 * How long the server may take to answer a request, in milliseconds; then another connection is
 * tried, and what waited behind that request is told so.
 */
const answerMs = 5_000

interface Opened {
  readonly connection: Connection
  readonly ready: Promise<void>
}

/** Creates a killer that connects when it is first needed. */
export function createKiller(options: ConnectionOptions): Killer {
  let opened: Opened | undefined

  const open = (): Opened => {
    const connection = mysql.createConnection(options)
    const fresh = { connection, ready: promised<void>((done) => connection.connect(done)) }
    connection.on('error', () => drop(fresh))
    return fresh
  }

  /** Gives up a connection, so that the next request opens another one. */
  const drop = (broken: Opened): void => {
    if (opened === broken) opened = undefined
    cutOff(broken.connection)
  }

  return {
    async kill(threadId, what) {
      if (threadId === 0) return
      const used = (opened ??= open())
      try {
        await used.ready
        await promised<unknown>((done) =>
          used.connection.query({ sql: `KILL ${what} ${threadId}`, timeout: answerMs }, done),
        )
      } catch (error) {
        // A thread that is gone already is what was wanted; a lost connection is opened anew.
        if (!isAnswer(error)) drop(used)
      }
    },
    async close() {
      if (opened !== undefined) drop(opened)
    },
  }
}

/** Tells what the server answers from a server that does not. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && 'sqlState' in error
}
