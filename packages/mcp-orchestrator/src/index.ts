export {
  ConnectionError,
  type ConnectionErrorOptions,
  type ConnectionFailureKind,
} from './errors/connection-error.ts'
export {
  OptionInvalidError,
  OrchestratorClosedError,
  OrchestratorError,
  isOrchestratorError,
  type OrchestratorErrorCode,
} from './errors/errors.ts'
export type { CacheMode, CacheOptions, CacheStatistics } from './cache/cache-options.ts'
export { mergeByPriority } from './gather/merge.ts'
export type { MergeConflict, MergeOptions, Merged, Sourced } from './gather/merge.ts'
export { createOrchestrator } from './orchestrator/create-orchestrator.ts'
export type { OrchestratorOptions } from './orchestrator/orchestrator-options.ts'
export { GatherIncompleteError, ServersMissingError } from './errors/missing-errors.ts'
export type {
  OrchestratorEvent,
  OrchestratorListener,
  ServerEvent,
  ServerEventListener,
} from './orchestrator/events.ts'
export type {
  CallToolOptions,
  ConnectOptions,
  GatherOptions,
  ListToolsOptions,
  Orchestrator,
  OrchestratorStatus,
  ReadOptions,
  ServerOptions,
  ServerStatus,
  ToolCall,
} from './orchestrator/orchestrator.ts'
export { splitToolName } from './orchestrator/tool-name.ts'
export { cleanText, type CleanText } from './outcome/clean-text.ts'
export type {
  Failure,
  Gathered,
  GatheredItem,
  OmittedItem,
  ReadOutcome,
  ToolOutcome,
  UriCollision,
} from './outcome/outcome.ts'
export type { OrchestratorMode } from './routing/mode.ts'
export type { ListedTool, ListedTools } from './tools/list-tools.ts'
export type {
  CacheHint,
  Connection,
  ConnectionNotice,
  Connector,
  RequestMeta,
  RequestOptions,
  ResourceContent,
  ResourceInfo,
  ToolInfo,
  ToolProgress,
  ToolResult,
} from './upstream/connection.ts'
export type { Capability, ServerState } from './upstream/upstream-info.ts'
