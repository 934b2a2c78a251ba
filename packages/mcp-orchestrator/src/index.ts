export type {
  GatherOptions,
  Orchestrator,
  OrchestratorStatus,
  ServerOptions,
  ServerStatus,
  ToolCall,
} from './orchestrator/orchestrator.ts'
export type { Failure, Gathered, GatheredItem, ToolOutcome } from './outcome/outcome.ts'
export type {
  Connection,
  Connector,
  ResourceContent,
  ResourceInfo,
  ToolInfo,
  ToolResult,
} from './upstream/connection.ts'
