import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import { tailOf } from '../audit/verify.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { policyOf } from '../workspace/open-parts.ts'
import { json, problem } from './documented.ts'

const tags = ['admin']
const open = z.looseObject({})
const answers = (description: string, schema: z.ZodType) => ({
  200: json(description, schema),
  401: problem('There are no credentials, or they do not hold.'),
  403: problem('The role is not that of an administrator.'),
})
const listing = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) })

const routes = {
  databases: createRoute({
    method: 'get',
    path: '/api/admin/databases',
    tags,
    summary: 'Tells how the databases are: health, pool, tables that may be seen, and posture.',
    responses: answers('The databases of each role.', z.object({ databases: z.array(open) })),
  }),
  servers: createRoute({
    method: 'get',
    path: '/api/admin/mcp-servers',
    tags,
    summary: 'Tells the state of the MCP servers: connection, circuit, cache, last error.',
    responses: answers('The servers of each role.', z.object({ mcp_servers: z.array(open) })),
  }),
  policies: createRoute({
    method: 'get',
    path: '/api/admin/policy',
    tags,
    summary: 'Gives the policy in force for each role.',
    responses: answers('The policies.', z.object({ roles: z.record(z.string(), open) })),
  }),
  refusals: createRoute({
    method: 'get',
    path: '/api/admin/refusals',
    tags,
    summary: 'Lists the latest refusals by their codes, the newest first.',
    request: { query: listing },
    responses: answers('The refusals.', z.object({ refusals: z.array(open) })),
  }),
  tools: createRoute({
    method: 'get',
    path: '/api/admin/tool-executions',
    tags,
    summary: 'Lists the latest questions, the newest first, and what became of them.',
    request: { query: listing },
    responses: answers('The executions.', z.object({ tool_executions: z.array(open) })),
  }),
  audit: createRoute({
    method: 'get',
    path: '/api/admin/audit',
    tags,
    summary: 'Gives the last records of the audit log, the newest first.',
    request: { query: listing },
    responses: {
      ...answers('The records.', z.object({ records: z.array(open) })),
      404: problem('There is no audit log.'),
    },
  }),
  limits: createRoute({
    method: 'get',
    path: '/api/admin/limits',
    tags,
    summary: 'Gives the limits of each role, and who asks how many questions now.',
    responses: answers(
      'The limits.',
      z.object({ roles: z.record(z.string(), open), running: z.record(z.string(), z.number()) }),
    ),
  }),
}

/** What administrators see. The middleware in front lets nobody else come here. */
export function adminRoutes(app: OpenAPIHono<Server>, application: Application): void {
  app.openapi(routes.databases, async (c) => {
    const opened = application.workspaces().map(async ({ role, workspace }) => {
      const health = await workspace.databases.health()
      return Promise.all(
        [...workspace.databases].map(async (database) => ({
          role,
          ...health.find(({ name }) => name === database.name),
          tables: (await database.catalog()).tables.length,
          posture: await database.posture().catch(() => null),
        })),
      )
    })
    return c.json({ databases: (await Promise.all(opened)).flat() }, 200)
  })
  app.openapi(routes.servers, (c) => {
    const servers = application
      .workspaces()
      .flatMap(({ role, workspace }) =>
        workspace.orchestrator.getStatus().servers.map((server) => ({ role, ...server })),
      )
    return c.json({ mcp_servers: servers }, 200)
  })
  app.openapi(routes.policies, (c) => {
    const { config } = application
    const roles = Object.keys(config.roles).map((role) => [role, { ...policyOf(config, role) }])
    return c.json({ roles: Object.fromEntries(roles) }, 200)
  })
  app.openapi(routes.refusals, (c) => {
    const { limit } = c.req.valid('query')
    const refused = application.executions().filter(({ outcome }) => outcome === 'refused')
    return c.json({ refusals: refused.slice(0, limit).map((each) => ({ ...each })) }, 200)
  })
  app.openapi(routes.tools, (c) => {
    const { limit } = c.req.valid('query')
    const latest = application.executions().slice(0, limit)
    return c.json({ tool_executions: latest.map((each) => ({ ...each })) }, 200)
  })
  app.openapi(routes.audit, async (c) => {
    const { audit } = application.config
    if (audit === undefined)
      throw new HttpProblem(404, 'not-found', 'There is no audit log; name a file under audit.')
    const records = await tailOf(audit.path, c.req.valid('query').limit)
    return c.json({ records: records.map((each) => ({ ...each })) }, 200)
  })
  app.openapi(routes.limits, (c) => {
    const roles = Object.entries(application.config.roles).map(([role, { limits }]) => [
      role,
      limits,
    ])
    const running = Object.fromEntries(application.running())
    return c.json({ roles: Object.fromEntries(roles), running }, 200)
  })
}
