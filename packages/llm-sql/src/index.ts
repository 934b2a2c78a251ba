export type {
  Answer,
  AnswerBase,
  AnsweredAnswer,
  ClarifyAnswer,
  FailedAnswer,
  MissingSource,
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
export type { AssistantEvent } from './assistant/events.ts'
export type { ColumnTranslation, Metadata, Source, ValueAlias } from './metadata/metadata.ts'
export type { Model, ModelMessage, ModelReply, ModelRequest } from './model/model.ts'
