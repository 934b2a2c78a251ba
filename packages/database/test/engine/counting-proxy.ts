import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A server between a client and a database server, that counts how often the client waits. */
export interface CountingProxy {
  readonly port: number
  /** Round trips so far: how often the server spoke after the client had spoken. */
  trips(): number
  close(): Promise<void>
}

/** Starts a proxy for a server on loopback, which never hears what `isLost` says of. */
export async function startCountingProxy(
  target: number,
  isLost: (fromClient: string) => boolean = () => false,
): Promise<CountingProxy> {
  const sockets = new Set<Socket>()
  let trips = 0
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    let isClientsTurn = true
    client.on('data', (bytes) => {
      isClientsTurn = false
      if (!isLost(bytes.toString('latin1'))) upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      if (!isClientsTurn) trips += 1
      isClientsTurn = true
      client.write(bytes)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    trips: () => trips,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
