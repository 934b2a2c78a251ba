import type { ListedTool, Orchestrator } from '@t2t/mcp-orchestrator'
import type { AgentTool, ToolSource } from '../tools/agent-tool.ts'

/** Options for {@link mcpTools}. */
export interface McpToolsOptions {
  /**
   * Only servers that serve one of these subjects.
   * @defaultValue all
   */
  readonly domains?: readonly string[] | undefined
  /**
   * Only these servers.
   * @defaultValue all
   */
  readonly servers?: readonly string[] | undefined
}

/**
 * Offers the tools of MCP servers to an agent, each as `server__tool`.
 *
 * Of servers that are not trusted, only names and types are shown to the model. Servers that do not
 * answer are named in the answer; the tools of the others are used without them.
 *
 * @example
 * ```ts
 * import { mcpTools } from '@t2t/llm-sql/mcp'
 * import type { Orchestrator } from '@t2t/mcp-orchestrator'
 *
 * declare const orchestrator: Orchestrator
 *
 * const tools = mcpTools(orchestrator, { servers: ['shop'] })
 * ```
 */
export function mcpTools(
  orchestrator: Pick<Orchestrator, 'listTools' | 'callTool'>,
  options: McpToolsOptions = {},
): ToolSource {
  return async (signal) => {
    const { tools, failures } = await orchestrator.listTools({ ...options, signal })
    return {
      tools: tools.map((tool) => agentTool(tool, orchestrator)),
      missing: failures.map(({ server, message }) => ({ name: server, reason: message })),
    }
  }
}

function agentTool(
  { name, description, inputSchema, server, tool, trust, isReadOnly }: ListedTool,
  orchestrator: Pick<Orchestrator, 'callTool'>,
): AgentTool {
  return {
    name,
    description,
    inputSchema,
    origin: server,
    isTrusted: trust === 'trusted',
    isReadOnly,
    call: async (input, signal) => {
      const outcome = await orchestrator.callTool({ server, tool, input }, { signal })
      if (outcome.kind === 'failed') return { text: outcome.failure.message, isError: true }
      const { text, structured, isError } = outcome
      const isBare = text === '' && structured !== undefined
      return { text: isBare ? JSON.stringify(structured) : text, isError }
    },
  }
}
