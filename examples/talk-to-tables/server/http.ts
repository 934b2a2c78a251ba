import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { z } from 'zod'
import type { Application } from './application.ts'

const question = z.strictObject({ question: z.string().trim().min(1).max(2_000) })
const page = join(import.meta.dirname, '..', 'page')
const types = { html: 'text/html', css: 'text/css', js: 'text/javascript' } as const

/** The routes of the server: the page, questions, health and metrics. */
export function createRoutes(application: Application): Hono {
  const app = new Hono()
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
    }),
  )
  app.use(
    bodyLimit({
      maxSize: 64 * 1_024,
      onError: (c) => c.json(problem('body-too-large', 'The body has at most 64 KiB.'), 413),
    }),
  )
  app.use(async (c, next) => {
    // A page of another site must not reach a server on loopback by rebinding its own name to it.
    const host = (c.req.header('host') ?? '').replace(/:\d+$/, '')
    if (!['localhost', '127.0.0.1', '[::1]'].includes(host)) {
      return c.json(problem('host-refused', 'This server answers on loopback only.'), 403)
    }
    await next()
    return undefined
  })

  for (const [path, file] of [
    ['/', 'index.html'],
    ['/page.css', 'page.css'],
    ['/page.js', 'page.js'],
  ] as const) {
    const ending = file.slice(file.lastIndexOf('.') + 1) as keyof typeof types
    app.get(path, (c) =>
      c.body(readFileSync(join(page, file)), 200, {
        'content-type': `${types[ending]}; charset=utf-8`,
      }),
    )
  }
  app.get('/health', async (c) => {
    const report = await application.health()
    return c.json(report, report.status === 'unhealthy' ? 503 : 200)
  })
  app.get('/metrics', (c) =>
    c.body(application.metrics(), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    }),
  )
  app.post('/api/ask', async (c) => {
    const body = question.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) {
      return c.json(
        problem(
          'body-invalid',
          'Expected a JSON object {"question": "…"} of at most 2,000 characters.',
        ),
        400,
      )
    }
    return c.json(await application.ask(body.data.question, { signal: c.req.raw.signal }))
  })
  app.notFound((c) => c.json(problem('not-found', 'There is nothing here.'), 404))
  app.onError((_, c) => c.json(problem('failed', 'The server could not answer.'), 500))
  return app
}

function problem(
  code: string,
  message: string,
): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code, message } }
}

/** Serves the routes on loopback until it is closed. */
export function serveHttp(
  application: Application,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: createRoutes(application).fetch, port, hostname: '127.0.0.1' },
      (address) => {
        resolve({
          url: `http://127.0.0.1:${address.port}`,
          close: () =>
            new Promise((done) => {
              server.close(() => done())
              if ('closeAllConnections' in server) server.closeAllConnections()
            }),
        })
      },
    )
    server.once('error', reject)
  })
}
