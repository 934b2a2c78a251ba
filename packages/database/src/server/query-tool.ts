import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import type { ReadResult } from '../read/read.ts'
import { refused, thrown } from './failure.ts'
import { isResult, pick, type Served } from './served.ts'

const inputSchema = z.object({
  sql: z.string().describe('One SELECT statement.'),
  database: z.string().optional().describe('Needed when there are several.'),
  max_rows: z.int().min(1).optional(),
})

const outputSchema = z.object({
  database: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string().optional() })),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
  row_count: z.number(),
  truncated: z.boolean().describe('Whether there were more rows.'),
  age_ms: z.number().optional().describe('How old cached rows are.'),
  truncated_by: z.object({ cap: z.enum(['rows', 'bytes']), limit: z.number() }).optional(),
})

/** Adds the tool that reads rows. */
export function addQueryTool(server: McpServer, served: Served): void {
  server.registerTool(
    'query',
    {
      description: 'Reads rows with one SQL statement. Large integers and decimals are text.',
      inputSchema,
      outputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ sql, database: name, max_rows: maxRows }, { mcpReq }): Promise<CallToolResult> => {
      const database = pick(served, name)
      if (isResult(database)) return database
      try {
        const outcome = await database.query(sql, { maxRows, signal: mcpReq.signal })
        if (outcome.kind === 'refused') return refused(outcome.verdict)
        return answered(database.name, outcome.result, outcome.ageMs)
      } catch (error) {
        return thrown(error)
      }
    },
  )
}

function answered(
  database: string,
  { columns, rows, truncated }: ReadResult,
  ageMs: number | undefined,
): CallToolResult {
  const structuredContent = {
    database,
    columns,
    rows,
    row_count: rows.length,
    truncated: truncated !== undefined,
    ...(ageMs === undefined ? {} : { age_ms: Math.round(ageMs) }),
    ...(truncated === undefined ? {} : { truncated_by: truncated }),
  }
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
}
