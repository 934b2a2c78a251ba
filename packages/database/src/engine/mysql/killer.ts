import mysql, { type Connection, type ConnectionOptions } from 'mysql2'
import { promised } from './prepared.ts'

/** Ends what runs on other connections of the same role, over a connection of its own. */
export interface Killer {
  /** Resolves when the server has heard it, or cannot be reached. Never rejects. */
  kill(threadId: number, what: 'QUERY' | 'CONNECTION'): Promise<void>
  close(): Promise<void>
}

/** How long the server may take to answer, in milliseconds; then another connection is tried. */
const answerMs = 5_000

/** Creates a killer that connects when it is first needed. */
export function createKiller(options: ConnectionOptions): Killer {
  let opened: Promise<Connection> | undefined

  const open = async (): Promise<Connection> => {
    const connection = mysql.createConnection(options)
    connection.on('error', () => {
      opened = undefined
    })
    await promised<void>((done) => connection.connect(done))
    return connection
  }

  /** Gives up a connection, so that the next request opens another one. */
  const drop = (broken: Promise<Connection> | undefined): void => {
    if (opened === broken) opened = undefined
    broken?.then(
      (connection) => connection.destroy(),
      () => undefined,
    )
  }

  return {
    async kill(threadId, what) {
      if (threadId === 0) return
      const used = (opened ??= open())
      try {
        const connection = await used
        await promised<unknown>((done) =>
          connection.query({ sql: `KILL ${what} ${threadId}`, timeout: answerMs }, done),
        )
      } catch (error) {
        // A thread that is gone already is what was wanted; a lost connection is opened anew.
        if (!isUnknownThread(error)) drop(used)
      }
    },
    async close() {
      const connection = await opened?.catch(() => undefined)
      opened = undefined
      connection?.destroy()
    },
  }
}

function isUnknownThread(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === 1094
}
