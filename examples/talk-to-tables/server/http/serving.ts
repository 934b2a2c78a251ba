import { serve, type WebSocketServerLike } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import type { Application } from '../application.ts'
import { socketProtocol } from '../access/authenticate.ts'
import { endDeadSockets } from '../socket/visitors.ts'
import { createApp, type AppOptions } from './app.ts'

export interface ServingOptions extends AppOptions {
  /**
   * 0 takes any free one.
   * @defaultValue what the configuration says
   */
  readonly port?: number | undefined
  /**
   * Time that requests have to end by themselves when the server is closed, in milliseconds.
   * @defaultValue what the configuration says
   */
  readonly graceMs?: number | undefined
}

/** A server that listens. */
export interface Serving {
  readonly url: string
  /** Takes no more requests, lets those under way end, and cancels the rest after the grace. */
  close(): Promise<void>
}

const maxSocketMessageBytes = 65_536

/** Serves the routes until it is closed. */
export function serveHttp(
  application: Application,
  { port, graceMs, ...options }: ServingOptions = {},
): Promise<Serving> {
  const { server: config } = application.config
  const { host } = config
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxSocketMessageBytes,
    // Never the first one that is offered: it may be a key.
    handleProtocols: (offered) => (offered.has(socketProtocol) ? socketProtocol : false),
  })
  const watch = endDeadSockets(sockets)
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: createApp(application, options).fetch,
        // Only optional members differ, in whether they may be undefined.
        websocket: { server: sockets as unknown as WebSocketServerLike },
        port: port ?? config.port,
        hostname: host,
        // Longer than a proxy in front keeps its connections, which would else race with our close.
        serverOptions: { keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: 67_000 },
      },
      (address) => {
        const name = host.includes(':') ? `[${host}]` : host
        resolve({ url: `http://${name}:${address.port}`, close })
      },
    )
    server.once('error', reject)

    function close(): Promise<void> {
      application.drain()
      watch[Symbol.dispose]()
      // 1001: the server goes away; clients connect elsewhere and resume.
      for (const socket of sockets.clients) socket.close(1001)
      return new Promise((done) => {
        const giveUp = setTimeout(
          () => {
            // The signals of the requests abort with their connections, and the work with the signals.
            if ('closeAllConnections' in server) server.closeAllConnections()
          },
          graceMs ?? config.grace * 1_000,
        )
        // A connection whose last request ended after the closing began would stay open for a minute.
        const sweep = setInterval(() => {
          if ('closeIdleConnections' in server) server.closeIdleConnections()
        }, 20)
        server.close(() => {
          clearTimeout(giveUp)
          clearInterval(sweep)
          done()
        })
      })
    }
  })
}
