import { randomUUID } from 'node:crypto'
import { observeHttp, readCorrelation, withCorrelation } from '@t2t/metrics'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Application } from '../application.ts'
import type { Log } from '../parts/log.ts'
import type { Server } from './server.ts'

/** Counts, times and logs requests, and ties together what is done for each. */
export function observe(application: Application, log: Log): MiddlewareHandler<Server> {
  const arrived = observeHttp(application.meter)
  return (c, next) => {
    const correlation = readCorrelation({ get: (name) => c.req.header(name) })
    const start = performance.now()
    return withCorrelation(correlation, async () => {
      const ended = arrived(c.req.method)
      c.set('requestId', `req_${randomUUID()}`)
      c.header('x-request-id', c.var.requestId)
      c.header('x-correlation-id', correlation.id)
      await next()
      // Patterns, never paths: those hold ids.
      const path = routePath(c, -1)
      const route = path === '/*' ? undefined : path
      const status = c.req.raw.signal.aborted ? undefined : c.res.status
      ended({ route, status })
      log.info(
        {
          method: c.req.method,
          route: route ?? 'none',
          status: status ?? 'left',
          role: c.var.caller?.role,
          duration_ms: Math.round(performance.now() - start),
          response_id: c.var.requestId,
          ...retriesOf(c.req.header('x-stainless-retry-count')),
        },
        'request',
      )
    })
  }
}

/** How often a client of OpenAI has asked before, as it says. */
function retriesOf(count: string | undefined): { readonly retries?: number } {
  return count !== undefined && /^\d{1,3}$/.test(count) ? { retries: Number(count) } : {}
}
