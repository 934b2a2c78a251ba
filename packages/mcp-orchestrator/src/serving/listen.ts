import { createServer, type RequestListener, type Server } from 'node:http'

/** How long a client may take to send one request, in milliseconds. */
const requestTimeoutMs = 30_000

/** A server that listens. */
export interface Listening {
  readonly origin: string
  /** Ends all connections, after `beforeEnd`, while no new ones are accepted. */
  close(beforeEnd: () => Promise<unknown>): Promise<void>
}

/** Listens on an address of this machine. */
export async function listen(
  listener: RequestListener,
  port: number,
  host: string,
): Promise<Listening> {
  const server = createServer({ requestTimeout: requestTimeoutMs }, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`,
    close: async (beforeEnd) => {
      const ended = new Promise<void>((resolve) => server.close(() => resolve()))
      await beforeEnd()
      server.closeAllConnections()
      await ended
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
