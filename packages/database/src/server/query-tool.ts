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

// What is said about one of the types keeps them apart: some clients warn of a list of types.
const cell = z.union([
  z.string().describe('Text; also dates, large integers and decimals.'),
  z.number(),
  z.boolean(),
  z.null(),
])

const outputSchema = z.object({
  database: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string().optional() })),
  rows: z.array(z.array(cell)),
  row_count: z.number(),
  truncated: z.boolean().describe('Whether there were more rows.'),
  age_ms: z.number().optional().describe('How old cached rows are.'),
  truncated_by: z
    .object({ cap: z.enum(['rows', 'bytes']), limit: z.number(), rows_seen: z.number() })
    .optional(),
  cut_cells: z
    .object({ count: z.number(), limit: z.number(), columns: z.array(z.number()) })
    .optional()
    .describe('Values that end in … because they were longer than limit bytes.'),
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
        return thrown(error, database)
      }
    },
  )
}

function answered(
  database: string,
  { columns, rows, truncated, cutCells }: ReadResult,
  ageMs: number | undefined,
): CallToolResult {
  const structuredContent = {
    database,
    columns,
    rows,
    row_count: rows.length,
    truncated: truncated !== undefined,
    ...(ageMs === undefined ? {} : { age_ms: Math.round(ageMs) }),
    ...(truncated === undefined
      ? {}
      : {
          truncated_by: {
            cap: truncated.cap,
            limit: truncated.limit,
            rows_seen: truncated.rowsSeen,
          },
        }),
    ...(cutCells === undefined ? {} : { cut_cells: cutCells }),
  }
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }
}
