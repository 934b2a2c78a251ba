import type { Message, MessageRole } from '../message/message.ts'
import type { ToolExecution } from '../tool-execution/tool-execution.ts'

/** What happened in a session, in numbers. */
export interface SessionStatistics {
  /** How many messages there are, by who said them. */
  readonly messages: Readonly<Record<MessageRole, number>>
  /** In the order of their names. */
  readonly tools: readonly ToolStatistics[]
  /** UTC, ISO 8601; absent without messages. */
  readonly firstMessageAt?: string | undefined
  /** UTC, ISO 8601; absent without messages. */
  readonly lastMessageAt?: string | undefined
}

/** How one tool was used in a session. */
export interface ToolStatistics {
  readonly tool: string
  readonly calls: number
  /** Calls that did not succeed. */
  readonly failures: number
  readonly totalDurationMs: number
  readonly longestDurationMs: number
}

/** Counts what is in a session. */
export function statisticsOf(
  messages: readonly Message[],
  executions: readonly ToolExecution[],
): SessionStatistics {
  const counts = { user: 0, assistant: 0, system: 0 }
  for (const { role } of messages) counts[role]++
  const tools = Map.groupBy(executions, ({ tool }) => tool)
  return {
    messages: counts,
    tools: [...tools]
      .map(toolStatistics)
      .toSorted((left, right) => (left.tool < right.tool ? -1 : 1)),
    firstMessageAt: messages.at(0)?.createdAt,
    lastMessageAt: messages.at(-1)?.createdAt,
  }
}

function toolStatistics([tool, uses]: [string, readonly ToolExecution[]]): ToolStatistics {
  return {
    tool,
    calls: uses.length,
    failures: uses.filter(({ succeeded }) => !succeeded).length,
    totalDurationMs: uses.reduce((sum, { durationMs }) => sum + durationMs, 0),
    longestDurationMs: Math.max(...uses.map(({ durationMs }) => durationMs)),
  }
}
