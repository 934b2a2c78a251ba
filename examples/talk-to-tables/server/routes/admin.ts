import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import { tailOf } from '../audit/verify.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { policyOf } from '../workspace/open-parts.ts'
import { forgotten, json, problem } from './documented.ts'

const tags = ['admin']
const open = z.looseObject({})
const answers = (description: string, schema: z.ZodType) => ({
  200: json(description, schema),
  401: problem('There are no credentials, or they do not hold.'),
  403: problem('The role is not that of an administrator.'),
  404: problem('There is nothing of that kind.'),
})
const listing = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) })

/** A route that tells administrators something. */
function telling(name: string, summary: string, description: string, body: z.ZodType) {
  const path = `/api/admin/${name}`
  return { method: 'get' as const, path, tags, summary, responses: answers(description, body) }
}

const routes = {
  databases: createRoute(
    telling(
      'databases',
      'Tells how the databases are: health, pool, tables that may be seen, and posture.',
      'The databases of each role.',
      z.object({ databases: z.array(open) }),
    ),
  ),
  servers: createRoute(
    telling(
      'mcp-servers',
      'Tells the state of the MCP servers: connection, circuit, cache, last error.',
      'The servers of each role.',
      z.object({ mcp_servers: z.array(open) }),
    ),
  ),
  policies: createRoute(
    telling(
      'policy',
      'Gives the policy in force for each role.',
      'The policies.',
      z.object({ roles: z.record(z.string(), open) }),
    ),
  ),
  refusals: createRoute({
    ...telling(
      'refusals',
      'Lists the latest refusals of this process by their codes, the newest first.',
      'The refusals.',
      z.object({ refusals: z.array(open) }),
    ),
    request: { query: listing },
  }),
  tools: createRoute({
    ...telling(
      'tool-executions',
      'Lists the latest questions of this process, the newest first, and what became of them.',
      'The executions.',
      z.object({ tool_executions: z.array(open) }),
    ),
    request: { query: listing },
  }),
  audit: createRoute({
    ...telling(
      'audit',
      'Gives the last records of the audit log, the newest first.',
      'The records.',
      z.object({ records: z.array(open) }),
    ),
    request: { query: listing },
  }),
  limits: createRoute(
    telling(
      'limits',
      'Gives the limits of each role, and who asks this process how many questions now.',
      'The limits.',
      z.object({ roles: z.record(z.string(), open), running: z.record(z.string(), z.number()) }),
    ),
  ),
  forget: createRoute({
    method: 'delete',
    path: '/api/admin/people/{id}',
    tags,
    summary: 'Deletes all that is kept of a person, named as the audit log names them.',
    request: { params: z.object({ id: z.string().min(1).max(1_000) }) },
    responses: answers('What was deleted.', forgotten),
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
  app.openapi(routes.forget, async (c) => {
    const { id, role } = c.var.caller
    return c.json(await application.forget(c.req.valid('param').id, { caller: id, role }), 200)
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
