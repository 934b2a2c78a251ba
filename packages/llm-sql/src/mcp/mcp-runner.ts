import type { Orchestrator } from '@t2t/mcp-orchestrator'
import * as z from 'zod/mini'
import type { QueryRun, QueryRunner } from '../assistant/assistant.ts'

/** Options for {@link mcpRunner}. */
export interface McpRunnerOptions {
  /** The server whose tool reads the database. */
  readonly server: string
  /** @defaultValue 'query' */
  readonly tool?: string | undefined
  /**
   * Which database of the server is meant.
   * @defaultValue the server's own choice
   */
  readonly database?: string | undefined
  /**
   * Rows to read at the most; the server may allow fewer.
   * @defaultValue the server's own limit
   */
  readonly maxRows?: number | undefined
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const result = z.object({
  columns: z.array(z.union([z.string(), z.object({ name: z.string() })])),
  rows: z.array(z.array(cell)),
  truncated: z.optional(z.unknown()),
})

/**
 * Runs allowed texts through the `query` tool of a database MCP server.
 *
 * The server's own guard decides again; what it refuses, and a server that does not answer, give a
 * failed run and not an exception.
 *
 * @example
 * ```ts
 * import { mcpRunner } from '@t2t/llm-sql/mcp'
 * import type { Orchestrator } from '@t2t/mcp-orchestrator'
 *
 * declare const orchestrator: Orchestrator
 *
 * const run = mcpRunner(orchestrator, { server: 'shop' })
 * ```
 */
export function mcpRunner(
  orchestrator: Pick<Orchestrator, 'callTool'>,
  options: McpRunnerOptions,
): QueryRunner {
  const { server, tool = 'query', database, maxRows } = options
  return async (sql, signal): Promise<QueryRun> => {
    const input = {
      sql,
      ...(database === undefined ? {} : { database }),
      ...(maxRows === undefined ? {} : { max_rows: maxRows }),
    }
    const outcome = await orchestrator.callTool({ server, tool, input }, { signal })
    if (outcome.kind === 'failed') {
      return { kind: 'failed', message: outcome.failure.message, code: outcome.failure.kind }
    }
    if (outcome.isError)
      return { kind: 'failed', message: oneLine(outcome.text), code: 'tool-failed' }
    const read = result.safeParse(outcome.structured ?? jsonOf(outcome.text))
    if (!read.success) {
      return {
        kind: 'failed',
        message: `The tool ${tool} of ${server} gave no rows.`,
        code: 'result-invalid',
      }
    }
    const { columns, rows, truncated } = read.data
    return {
      kind: 'rows',
      columns: columns.map((column) => (typeof column === 'string' ? column : column.name)),
      rows,
      isTruncated: truncated !== undefined && truncated !== null && truncated !== false,
    }
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
