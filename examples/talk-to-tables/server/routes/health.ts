import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { publicHealth } from '@t2t/metrics'
import type { Context } from 'hono'
import type { Application } from '../application.ts'
import type { Server } from '../http/server.ts'

const status = z.enum(['healthy', 'degraded', 'unhealthy'])
const report = z
  .object({
    status,
    checks: z
      .record(
        z.string(),
        z.object({
          status,
          reason: z.string().optional(),
          isCritical: z.boolean(),
          durationMs: z.number(),
        }),
      )
      .optional()
      .openapi({ description: 'For administrators.' }),
    reasons: z.array(z.string()).readonly().optional(),
    checkedAt: z.string(),
  })
  .openapi('HealthReport')
const readiness = z
  .object({ isReady: z.boolean(), reasons: z.array(z.string()).readonly() })
  .openapi('Readiness')

/** Whether the server lives, whether requests should be sent to it, and how its parts are. */
export function healthRoutes(app: OpenAPIHono<Server>, application: Application): void {
  for (const path of ['/api/health', '/health']) {
    const content = { 'application/json': { schema: report } }
    const responses = {
      200: { description: 'Questions can be answered, perhaps with parts missing.', content },
      503: { description: 'Questions cannot be answered.', content },
    }
    const route = createRoute({ method: 'get', path, tags: ['health'], responses })
    app.openapi(route, async (c) => {
      const whole = await application.health()
      // What is ill, and why, is for those who look after the server.
      const body = isAdmin(c) ? whole : publicHealth(whole)
      return c.json(body, body.status === 'unhealthy' ? 503 : 200)
    })
  }
  for (const path of ['/api/health/ready', '/ready']) {
    const content = { 'application/json': { schema: readiness } }
    const responses = {
      200: { description: 'Send requests here.', content },
      503: { description: 'Send requests elsewhere.', content },
    }
    const route = createRoute({ method: 'get', path, tags: ['health'], responses })
    app.openapi(route, async (c) => {
      const whole = await application.readiness()
      const body = isAdmin(c) ? whole : { ...whole, reasons: [] }
      return c.json(body, body.isReady ? 200 : 503)
    })
  }
  const alive = z.object({ status: z.literal('alive') })
  const live = createRoute({
    method: 'get',
    path: '/api/health/live',
    tags: ['health'],
    responses: {
      200: { description: 'It runs.', content: { 'application/json': { schema: alive } } },
    },
  })
  app.openapi(live, (c) => c.json({ status: 'alive' as const }, 200))
}

function isAdmin(c: Context<Server>): boolean {
  // Nobody need say who they are here.
  const caller: Server['Variables']['caller'] | undefined = c.get('caller')
  return caller?.isAdmin === true
}
