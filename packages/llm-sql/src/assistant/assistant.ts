import type { Catalog } from '@t2t/sql-guard'
import type { ConversationTurn } from '../conversation/conversation.ts'
import type { Metadata, Source } from '../metadata/metadata.ts'
import type { Answer, MissingSource } from './answer.ts'
import type { AssistantEvent } from './events.ts'

/** Answers questions about one database. */
export interface SqlAssistant {
  /** Starts to answer at once. Breaking out of the iteration does not end the run; the signal does. */
  ask(question: string, options?: AskOptions): AnswerRun
}

/** Options for {@link SqlAssistant.ask}. */
export interface AskOptions {
  readonly signal?: AbortSignal | undefined
  /**
   * What was asked and answered before, oldest first; see `turnOf`. Models are shown it, so that
   * "and last month?" can be read. The offline generator reads each question by itself.
   * @defaultValue nothing
   */
  readonly conversation?: readonly ConversationTurn[] | undefined
}

/** A question that is being answered: iterate it for progress, await `answer` for the end. */
export interface AnswerRun extends AsyncIterable<AssistantEvent> {
  /** Rejects only with the reason of the caller's signal. */
  readonly answer: Promise<Answer>
}

/** What is known before a question is read. */
export interface Context {
  readonly catalog: Catalog
  /**
   * Where the catalog came from.
   * @defaultValue the first of `sources` that gave no metadata
   */
  readonly catalogSource?: Source | undefined
  readonly metadata: readonly SourcedMetadata[]
  readonly sources: readonly Source[]
  readonly missing: readonly MissingSource[]
}

/** Metadata with the place it came from. */
export interface SourcedMetadata {
  readonly metadata: Metadata
  readonly source: Source
}

/** Gathers what is known: from a database directly, or from MCP servers. */
export type ContextSource = (signal: AbortSignal) => Promise<Context>

/** Runs a text that the guard allowed. */
export type QueryRunner = (sql: string, signal: AbortSignal) => Promise<QueryRun>

/** What running a text gave. */
export type QueryRun =
  | {
      readonly kind: 'rows'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly (string | number | boolean | null)[])[]
      readonly isTruncated: boolean
    }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string | undefined }
