import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { Application } from '../application.ts'
import { createLog, type Log } from '../parts/log.ts'
import { adminRoutes } from '../routes/admin.ts'
import { chatRoutes } from '../routes/chat.ts'
import { healthRoutes } from '../routes/health.ts'
import { mcpRoutes } from '../routes/mcp.ts'
import { metricsRoutes } from '../routes/metrics.ts'
import { openAiRoutes } from '../routes/openai.ts'
import { pageRoutes } from '../routes/page.ts'
import { responseRoutes } from '../routes/responses.ts'
import { resultRoutes } from '../routes/results.ts'
import { sessionRoutes } from '../routes/sessions.ts'
import { socketRoutes } from '../routes/socket.ts'
import { idempotent } from './idempotent.ts'
import { observe } from './observe.ts'
import { HttpProblem, invalidStructure, problemOf, respond } from './problem.ts'
import { allowOrigins, authenticate, bound, hurry, protectHost } from './protect.ts'
import type { Server } from './server.ts'
import { translateFor } from './translate.ts'

export interface AppOptions {
  /**
   * Pause between two comments that keep a silent stream open, in milliseconds.
   * @defaultValue 10000
   */
  readonly keepAliveMs?: number | undefined
  /** @defaultValue lines on standard output, from the level that the configuration says */
  readonly log?: Log | undefined
}

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
  { keepAliveMs = 10_000, log = createLog(application.config) }: AppOptions = {},
): OpenAPIHono<Server> {
  const { max_body_bytes: maxSize } = application.config.server
  const app = new OpenAPIHono<Server>({
    defaultHook: ({ target, ...result }, c) => {
      if (result.success) return
      const isOpenAi = c.req.path.startsWith('/v1/')
      throw invalidStructure(result.error, isOpenAi || target !== 'json' ? 400 : 422)
    },
  })
  app.use(observe(application, log))
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], imgSrc: ["'self'", 'data:'] },
    }),
  )
  app.use(protectHost(application))
  app.use(allowOrigins(application))
  app.use(authenticate(application))
  app.use(bound(application))
  app.use(
    bodyLimit({
      maxSize,
      onError: () => {
        throw new HttpProblem(413, 'body-too-large', `The body has at most ${maxSize} bytes.`)
      },
    }),
  )

  app.use(hurry(application))
  app.use(idempotent(application))

  pageRoutes(app)
  chatRoutes(app, { application, keepAliveMs })
  resultRoutes(app, application)
  sessionRoutes(app, application)
  openAiRoutes(app, { application, keepAliveMs })
  responseRoutes(app, { application, keepAliveMs })
  socketRoutes(app, application)
  mcpRoutes(app, application)
  adminRoutes(app, application)
  healthRoutes(app, application)
  metricsRoutes(app, application)
  app.doc31('/openapi.json', documentInfo)
  const tell = (c: Context<Server>, problem: HttpProblem): Response =>
    respond(c, problem, c.var.requestId, translateFor(application, c.req.header('accept-language')))
  app.notFound((c) => tell(c, new HttpProblem(404, 'not-found', 'There is nothing here.')))
  app.onError((error, c) => tell(c, problemOf(error)))
  return app
}
