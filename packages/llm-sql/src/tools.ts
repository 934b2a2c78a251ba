export {
  createToolAgent,
  type AskToolsOptions,
  type ToolAgent,
  type ToolAgentOptions,
  type ToolRun,
} from './tools/create-tool-agent.ts'
export type {
  AgentTool,
  AvailableTools,
  ToolDescription,
  ToolReply,
  ToolSource,
} from './tools/agent-tool.ts'
export type { CallOutcome, ToolEvent, ToolListener } from './tools/events.ts'
export type { ToolRule, ToolRules } from './tools/rules.ts'
export type { RefusalReason } from './tools/taint.ts'
export {
  toolTurnOf,
  type AnsweredWithTools,
  type DeclinedWithTools,
  type FailedWithTools,
  type MadeCall,
  type ToolAnswer,
  type ToolAnswerBase,
  type ToolTurn,
  type ToolUsage,
} from './tools/tool-answer.ts'
