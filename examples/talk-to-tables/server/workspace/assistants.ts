import {
  createSqlAssistant,
  type AnswerRun,
  type ContextSource,
  type ConversationTurn,
  type SqlAssistant,
  type SqlAssistantOptions,
} from '@t2t/llm-sql'
import { mcpContext } from '@t2t/llm-sql/mcp'
import type { Orchestrator } from '@t2t/mcp-orchestrator'

/** How many MCP servers a question may use, as callers of the HTTP API say it. */
export const modes = ['single_mcp', 'multi_mcp', 'auto'] as const
export type Mode = (typeof modes)[number]

export interface StartOptions {
  /** @defaultValue 'multi_mcp' */
  readonly mode?: Mode | undefined
  /**
   * Whether a draft that does not fit the database is mended or drafted again.
   * @defaultValue true
   */
  readonly recovers?: boolean | undefined
  /** What was asked before in the same conversation, oldest first. */
  readonly conversation?: readonly ConversationTurn[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** A question that is being answered, and the mode that `auto` became. */
export interface StartedQuestion {
  readonly mode: Exclude<Mode, 'auto'>
  readonly database: string
  readonly run: AnswerRun
}

export interface Assistants {
  start(question: string, options?: StartOptions): Omit<StartedQuestion, 'database'>
}

export interface AssistantsOptions extends Omit<SqlAssistantOptions, 'context'> {
  /** The server of the database. */
  readonly primary: string
  /** The servers that know something of the data. */
  readonly others: readonly string[]
  /** Puts what watches a question around its asking. */
  readonly around: (ask: () => AnswerRun) => AnswerRun
}

/**
 * One assistant for each way to ask, on the same servers.
 *
 * `auto` uses all servers when they are ready; else it asks the primary one alone, names the others
 * as missing, and lets them be connected to meanwhile, so that nobody waits for a server that is down.
 */
export function createAssistants(
  orchestrator: Orchestrator,
  { primary, others, around, ...options }: AssistantsOptions,
): Assistants {
  const alone = mcpContext(orchestrator, { servers: [primary] })
  const late = (): readonly string[] =>
    orchestrator
      .getStatus()
      .servers.filter(({ name, state }) => others.includes(name) && state !== 'ready')
      .map(({ name }) => name)
  const withoutLate: ContextSource = async (signal) => {
    const reason = 'The server is not ready and was not waited for.'
    const missing = late().map((name) => ({ name, reason }))
    const context = await alone(signal)
    return { ...context, missing: [...context.missing, ...missing] }
  }
  const both = (context: ContextSource): { readonly [Key in 'once' | 'again']: SqlAssistant } => ({
    once: createSqlAssistant({ ...options, context, maxAttempts: 1 }),
    again: createSqlAssistant({ ...options, context }),
  })
  const single = both(alone)
  const multi = both(mcpContext(orchestrator, { servers: [primary, ...others] }))
  const fallback = both(withoutLate)

  return {
    start(question, { mode = 'multi_mcp', recovers = true, signal, conversation } = {}) {
      const attempts = recovers ? 'again' : 'once'
      const ask = (from: typeof single): AnswerRun =>
        around(() => from[attempts].ask(question, { signal, conversation }))
      if (mode === 'single_mcp') return { mode, run: ask(single) }
      if (mode === 'auto' && late().length > 0) {
        // Whether it works shows in the status of the servers; the next question looks there.
        orchestrator.connect().catch(() => undefined)
        return { mode: 'single_mcp', run: ask(fallback) }
      }
      return { mode: 'multi_mcp', run: ask(multi) }
    },
  }
}
