export { ConnectionError, type ConnectionErrorOptions, type ConnectionFailureKind } from './errors/connection-error.ts'
export { OptionInvalidError, OrchestratorClosedError, OrchestratorError, isOrchestratorError, type OrchestratorErrorCode } from './errors/errors.ts'
export { createOrchestrator, type OrchestratorOptions } from './orchestrator/create-orchestrator.ts'
export { GatherIncompleteError, ServersMissingError } from './errors/missing-errors.ts'
export type {
  OrchestratorEvent,
  OrchestratorListener,
  ServerEvent,
  ServerEventListener,
} from './orchestrator/events.ts'
export type {
  ConnectOptions,
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
  CacheHint,
  Connection,
  ConnectionNotice,
  Connector,
  RequestHooks,
  ResourceContent,
  ResourceInfo,
  ToolInfo,
  ToolProgress,
  ToolResult,
} from './upstream/connection.ts'
export type { ServerState } from './upstream/upstream-info.ts'
