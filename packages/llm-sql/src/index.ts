export type {
  Answer,
  AnswerBase,
  AnsweredAnswer,
  AnswerWarning,
  ClarifyAnswer,
  FailedAnswer,
  MissingSource,
  Reading,
  RefusedAnswer,
  ResolvedEntity,
} from './assistant/answer.ts'
export type {
  AnswerRun,
  AskOptions,
  Context,
  ContextSource,
  QueryRun,
  QueryRunner,
  SourcedMetadata,
  SqlAssistant,
} from './assistant/assistant.ts'
export {
  turnOf,
  type ConversationTurn,
  type ConversationWindow,
} from './conversation/conversation.ts'
export type { AssistantEvent } from './assistant/events.ts'
export type { ColumnTranslation, Metadata, Source, ValueAlias } from './metadata/metadata.ts'
export type {
  Model,
  ModelCapabilities,
  ModelJson,
  ModelMessage,
  ModelPart,
  ModelReply,
  ModelRequest,
  ModelTool,
  ModelToolCall,
} from './model/model.ts'
export { withPolicy } from './model/with-policy.ts'
export { createSqlAssistant, type SqlAssistantOptions } from './assistant/create-sql-assistant.ts'
export type { AssistantListener } from './assistant/answer-run.ts'
export { link, type LinkedQuestion } from './steps/link.ts'
export { resolveEntities, type ResolvedQuestion, type ResolveOptions } from './steps/resolve.ts'
export { entitiesOf } from './steps/entities.ts'
export { repair, type Repaired } from './steps/repair.ts'
export type { GuardSource } from './steps/guard.ts'
export type {
  Draft,
  DraftRequest,
  FailedDraft,
  ModelCall,
  SqlGenerator,
} from './generator/generator.ts'
export { modelGenerator, type ModelGeneratorOptions } from './generator/model-generator.ts'
export {
  isLlmSqlError,
  CatalogMissingError,
  LlmSqlError,
  ModelError,
  OptionInvalidError,
  type LlmSqlErrorCode,
  type ModelErrorCode,
} from './errors/errors.ts'
export { promptVersion } from './generator/prompt.ts'
export type { Receipt } from './receipt/receipt.ts'
export { replay, type ChangeCause, type Replay } from './receipt/replay.ts'
