import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { metricsReport } from '@t2t/metrics'
import { prometheusContentType } from '@t2t/metrics/prometheus'
import type { Application } from '../application.ts'
import type { Server } from '../http/server.ts'

const labels = z.record(z.string(), z.string())
const percentile = z.number().nullable()
const distribution = z.object({
  labels,
  count: z.number(),
  sum: z.number(),
  mean: percentile,
  p50: percentile,
  p95: percentile,
  p99: percentile,
})
const metric = z.object({
  name: z.string(),
  kind: z.enum(['counter', 'gauge', 'histogram']),
  unit: z.string(),
  description: z.string(),
  series: z.array(z.union([distribution, z.object({ labels, value: z.number() })])).readonly(),
})
const report = z
  .object({ percentileError: z.number(), metrics: z.array(metric).readonly() })
  .openapi('MetricsReport')

/** What happened so far: as JSON with percentiles, and as Prometheus reads it. */
export function metricsRoutes(app: OpenAPIHono<Server>, application: Application): void {
  const json = createRoute({
    method: 'get',
    path: '/api/metrics',
    tags: ['metrics'],
    responses: {
      200: {
        description: 'Every metric; histograms with p50, p95 and p99.',
        content: { 'application/json': { schema: report } },
      },
    },
  })
  app.openapi(json, (c) => c.json(metricsReport(application.meter), 200))
  for (const path of ['/api/metrics/prometheus', '/metrics']) {
    const responses = {
      200: {
        description: 'Prometheus text.',
        content: { 'text/plain': { schema: z.string() } },
      },
    }
    app.openapi(createRoute({ method: 'get', path, tags: ['metrics'], responses }), (c) =>
      c.text(application.metrics(), 200, { 'content-type': prometheusContentType }),
    )
  }
}
