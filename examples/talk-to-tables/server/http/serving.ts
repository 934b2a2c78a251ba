import { serve } from '@hono/node-server'
import type { Application } from '../application.ts'
import { createApp, type AppOptions } from './app.ts'

export interface ServingOptions extends AppOptions {
  /** 0 takes any free one. */
  readonly port: number
  /**
   * Time that requests have to end by themselves when the server is closed, in milliseconds.
   * @defaultValue 5000
   */
  readonly graceMs?: number | undefined
}

/** A server that listens. */
export interface Serving {
  readonly url: string
  /** Takes no more requests, lets those under way end, and cancels the rest after the grace. */
  close(): Promise<void>
}

/** Serves the routes on loopback until it is closed. */
export function serveHttp(
  application: Application,
  { port, graceMs = 5_000, ...options }: ServingOptions,
): Promise<Serving> {
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: createApp(application, options).fetch,
        port,
        hostname: '127.0.0.1',
        // Longer than a proxy in front keeps its connections, which would else race with our close.
        serverOptions: { keepAliveTimeout: 65_000, headersTimeout: 66_000 },
      },
      (address) => {
        resolve({ url: `http://127.0.0.1:${address.port}`, close })
      },
    )
    server.once('error', reject)

    function close(): Promise<void> {
      application.drain()
      return new Promise((done) => {
        const giveUp = setTimeout(() => {
          // The signals of the requests abort with their connections, and the work with the signals.
          if ('closeAllConnections' in server) server.closeAllConnections()
        }, graceMs)
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
