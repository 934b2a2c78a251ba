import type { CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { thrown } from './failure.ts'
import { searchSchema } from './search-schema.ts'
import { isResult, pick, type Served } from './served.ts'

const searchInput = z.object({
  words: z.string().min(1).max(500).describe('What the question is about.'),
  database: z.string().optional(),
})

const searchOutput = z.object({
  tables: z.array(
    z.object({
      database: z.string(),
      table: z.string(),
      kind: z.enum(['table', 'view']),
      comment: z.string().optional(),
      columns: z.array(
        z.object({
          name: z.string(),
          type: z.string(),
          comment: z.string().optional(),
          references: z.string().optional(),
        }),
      ),
    }),
  ),
})

const listOutput = z.object({
  databases: z.array(z.object({ name: z.string(), dialect: z.string(), tables: z.number() })),
})

const annotations = { readOnlyHint: true, openWorldHint: false }

/** Adds the tools that say what can be read. */
export function addSchemaTools(server: McpServer, served: Served): void {
  server.registerTool(
    'search_schema',
    {
      description: 'Finds tables and columns by words.',
      inputSchema: searchInput,
      outputSchema: searchOutput,
      annotations,
    },
    async ({ words, database: name }, { mcpReq }): Promise<CallToolResult> => {
      const named = name === undefined ? undefined : pick(served, name)
      if (named !== undefined && isResult(named)) return named
      const { signal } = mcpReq
      try {
        const perDatabase = (named === undefined ? [...served.values()] : [named]).map(
          async (database) =>
            searchSchema(await database.catalog({ signal }), words).map((found) => ({
              database: database.name,
              ...found,
            })),
        )
        return answered({ tables: (await Promise.all(perDatabase)).flat() })
      } catch (error) {
        return thrown(error)
      }
    },
  )

  server.registerTool(
    'list_databases',
    {
      description: 'Lists the databases that can be read.',
      inputSchema: z.object({}),
      outputSchema: listOutput,
      annotations,
    },
    async (_nothing, { mcpReq }): Promise<CallToolResult> => {
      const { signal } = mcpReq
      try {
        const databases = [...served.values()].map(async (database) => {
          const { tables } = await database.catalog({ signal })
          return { name: database.name, dialect: database.dialect, tables: tables.length }
        })
        return answered({ databases: await Promise.all(databases) })
      } catch (error) {
        return thrown(error)
      }
    },
  )
}

function answered(content: Record<string, unknown>): CallToolResult {
  const text = JSON.stringify(content)
  // Through JSON, so that absent members are absent on every transport.
  return { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) }
}
