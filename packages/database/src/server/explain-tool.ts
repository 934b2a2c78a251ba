import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { failed, refused, thrown } from './failure.ts'
import { isResult, pick, type Served } from './served.ts'

const inputSchema = z.object({ sql: z.string(), database: z.string().optional() })
const outputSchema = z.object({ database: z.string(), plan: z.array(z.string()) })

/** Adds the tool that gives plans, where the policy of a database permits them. */
export function addExplainTool(server: McpServer, served: Served): void {
  const permits = [...served.values()].some(
    (database) => 'explain' in database && database.policy.statements?.explain === 'plan',
  )
  if (!permits) return
  server.registerTool(
    'explain',
    {
      description: 'Gives the plan of a statement without running it.',
      inputSchema,
      outputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ sql, database: name }, { mcpReq }): Promise<CallToolResult> => {
      const database = pick(served, name)
      if (isResult(database)) return database
      try {
        const outcome = await database.explain?.(sql, { signal: mcpReq.signal })
        if (outcome === undefined) {
          return failed({ class: 'plan-unavailable', message: 'This database gives no plans.' })
        }
        if (outcome.kind === 'refused') return refused(outcome.verdict)
        const plan = outcome.result.rows.map((row) => row.map(String).join(' '))
        const structuredContent = { database: database.name, plan }
        const text = JSON.stringify(structuredContent)
        return { content: [{ type: 'text', text }], structuredContent }
      } catch (error) {
        return thrown(error, database)
      }
    },
  )
}
