import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import type { Server } from '../http/server.ts'

const status = z.enum(['healthy', 'degraded', 'unhealthy'])
const report = z
  .object({
    status,
    checks: z.record(
      z.string(),
      z.object({
        status,
        reason: z.string().optional(),
        isCritical: z.boolean(),
        durationMs: z.number(),
      }),
    ),
    reasons: z.array(z.string()).readonly(),
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
      const body = await application.health()
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
      const body = await application.readiness()
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
