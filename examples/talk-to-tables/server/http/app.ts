import { randomUUID } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import { observeHttp } from '@t2t/metrics'
import { bodyLimit } from 'hono/body-limit'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import type { Application } from '../application.ts'
import { chatRoutes } from '../routes/chat.ts'
import { healthRoutes } from '../routes/health.ts'
import { metricsRoutes } from '../routes/metrics.ts'
import { openAiRoutes } from '../routes/openai.ts'
import { pageRoutes } from '../routes/page.ts'
import { sessionRoutes } from '../routes/sessions.ts'
import type { Server } from './server.ts'
import { HttpProblem, invalidStructure, problemOf, respond } from './problem.ts'

export interface AppOptions {
  /**
   * Pause between two comments that keep a silent stream open, in milliseconds.
   * @defaultValue 10000
   */
  readonly keepAliveMs?: number | undefined
}

const maxBodyBytes = 64 * 1_024
const documentInfo = {
  openapi: '3.1.0',
  info: {
    title: 'talk-to-tables',
    version: '0.0.0',
    description: 'Questions in plain language, answered from a SQL database.',
  },
}

/** All routes of the server, with what protects them. */
export function createApp(
  application: Application,
  { keepAliveMs = 10_000 }: AppOptions = {},
): OpenAPIHono<Server> {
  const arrived = observeHttp(application.meter)
  const app = new OpenAPIHono<Server>({
    defaultHook: ({ target, ...result }, c) => {
      if (result.success) return
      const isOpenAi = c.req.path.startsWith('/v1/')
      throw invalidStructure(result.error, isOpenAi || target !== 'json' ? 400 : 422)
    },
  })
  app.use(async (c, next) => {
    const ended = arrived(c.req.method)
    c.set('requestId', `req_${randomUUID()}`)
    c.header('x-request-id', c.var.requestId)
    await next()
    const route = routePath(c, -1)
    const status = c.req.raw.signal.aborted ? undefined : c.res.status
    ended({ route: route === '/*' ? undefined : route, status })
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
    }),
  )
  app.use(async (c, next) => {
    // A page of another site must not reach a server on loopback by rebinding its own name to it.
    const host = (c.req.header('host') ?? '').replace(/:\d+$/, '')
    if (!['localhost', '127.0.0.1', '[::1]'].includes(host)) {
      throw new HttpProblem(403, 'host-refused', 'This server answers on loopback only.')
    }
    await next()
  })
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new HttpProblem(413, 'body-too-large', 'The body has at most 64 KiB.')
      },
    }),
  )

  pageRoutes(app)
  chatRoutes(app, { application, keepAliveMs })
  sessionRoutes(app, application)
  openAiRoutes(app, { application, keepAliveMs })
  healthRoutes(app, application)
  metricsRoutes(app, application)
  app.doc31('/openapi.json', documentInfo)
  app.notFound((c) =>
    respond(c, new HttpProblem(404, 'not-found', 'There is nothing here.'), c.var.requestId),
  )
  app.onError((error, c) => respond(c, problemOf(error), c.var.requestId))
  return app
}
