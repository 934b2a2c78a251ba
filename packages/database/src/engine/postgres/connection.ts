import { connect, type Socket } from 'node:net'
import pg, { type Client, type ClientConfig } from 'pg'
import type { Lendable } from '../lend.ts'

/** A connection of ours to a PostgreSQL server. */
export interface PostgresConnection extends Lendable {
  readonly client: Client
  readonly isUsable: boolean
  /** Never rejects. */
  close(): Promise<void>
}

/** How long the server may take for a cancel request or a goodbye, in milliseconds. */
const graceMs = 2_000

/** Opens a connection. */
export async function openConnection(config: ClientConfig): Promise<PostgresConnection> {
  const client = new pg.Client(config)
  let isUsable = true
  const lose = (): void => {
    isUsable = false
  }
  // An error between two queries has no caller; the pool looks at `isUsable`.
  client.on('error', lose)
  client.on('end', lose)
  await client.connect()

  return {
    client,
    get isUsable() {
      return isUsable
    },
    cancel: () => requestCancel(client),
    cut: () => client.connection.stream.destroy(),
    async close() {
      isUsable = false
      const timer = setTimeout(() => client.connection.stream.destroy(), graceMs)
      await client.end().catch(() => {})
      clearTimeout(timer)
    },
  }
}

/**
 * Sends a cancel request, which PostgreSQL takes on a connection of its own, without encryption
 * and before it asks for a password, as `libpq` did until version 17.
 */
function requestCancel(client: Client): Promise<void> {
  const request = cancelRequest(client)
  if (request === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    const socket = dial(client).setTimeout(graceMs, () => socket.destroy())
    socket.on('error', () => {})
    socket.once('close', () => resolve())
    socket.once('connect', () => socket.end(request))
    socket.resume()
  })
}

function dial({ host, port }: Client): Socket {
  return host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
}

const cancelCode = 80_877_102

function cancelRequest(client: Client): Buffer | undefined {
  if (!('processID' in client) || !('secretKey' in client)) return undefined
  const { processID, secretKey } = client
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return undefined
  const message = Buffer.alloc(16)
  for (const [place, value] of [16, cancelCode, processID, secretKey].entries()) {
    message.writeInt32BE(value, place * 4)
  }
  return message
}
