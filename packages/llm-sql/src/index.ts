export type {
  Answer,
  AnswerBase,
  AnsweredAnswer,
  AnswerUsage,
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
export type {
  ColumnTranslation,
  FiscalCalendar,
  GlossaryEntry,
  Metadata,
  MetricDefinition,
  Provenance,
  Source,
  ValueAlias,
  ValueSynonyms,
} from './metadata/metadata.ts'
export type { DefinitionPlace, MergedMetadata, MetadataConflict } from './metadata/visible.ts'
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
export { link, type LinkedQuestion, type LinkOptions } from './steps/link.ts'
export type { Thesaurus } from './schema/thesaurus.ts'
export { linkSchema, type LinkedSchema, type LinkSchemaOptions } from './steps/link-schema.ts'
export { resolveEntities, type ResolvedQuestion, type ResolveOptions } from './steps/resolve.ts'
export { entitiesOf } from './steps/entities.ts'
export { repair, type Repaired, type RepairOptions } from './steps/repair.ts'
export type { Failure } from './steps/repair/classify.ts'
export type { Repair, RepairCertainty, RepairKind } from './steps/repair/repair-step.ts'
export type { GuardSource } from './steps/guard.ts'
export { explain } from './steps/explain.ts'
export { visibleContext } from './steps/gather.ts'
export { verify, type VerifyOptions } from './verify/verify.ts'
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
  EvaluationInvalidError,
  MetadataInvalidError,
  LlmSqlError,
  ModelError,
  OptionInvalidError,
  type LlmSqlErrorCode,
  type ModelErrorCode,
} from './errors/errors.ts'
export { promptVersion } from './generator/prompt.ts'
export type { Receipt } from './receipt/receipt.ts'
export { replay, type ChangeCause, type Replay } from './receipt/replay.ts'
