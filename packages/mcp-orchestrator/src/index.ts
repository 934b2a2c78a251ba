export {
  ConnectionError,
  OptionInvalidError,
  OrchestratorClosedError,
  OrchestratorError,
  isOrchestratorError,
  type ConnectionErrorOptions,
  type ConnectionFailureKind,
  type OrchestratorErrorCode,
} from './errors/errors.ts'
export { createOrchestrator, type OrchestratorOptions } from './orchestrator/create-orchestrator.ts'
export type { OrchestratorEvent, OrchestratorListener } from './orchestrator/events.ts'
export type {
  GatherOptions,
  Orchestrator,
  OrchestratorStatus,
  ServerOptions,
  ServerStatus,
  ToolCall,
} from './orchestrator/orchestrator.ts'
export { splitToolName } from './orchestrator/tool-name.ts'
export type { Failure, Gathered, GatheredItem, ToolOutcome } from './outcome/outcome.ts'
export type {
  Connection,
  Connector,
  ResourceContent,
  ResourceInfo,
  ToolInfo,
  ToolResult,
} from './upstream/connection.ts'
