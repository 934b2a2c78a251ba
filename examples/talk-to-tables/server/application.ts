import type { Answer, AssistantEvent, ConversationTurn, Model } from '@t2t/llm-sql'
import type { HealthReport, MemoryMeter, Readiness } from '@t2t/metrics'
import type { OrchestratorStatus } from '@t2t/mcp-orchestrator'
import type { SessionStore } from '@t2t/sessions'
import type { Authenticate } from './access/authenticate.ts'
import type { Caller } from './access/caller.ts'
import type { AuditEntry } from './audit/record.ts'
import type { ResultShelf } from './chat/result-shelf.ts'
import type { ServerConfig } from './config/schema.ts'
import type { Shelf } from './shelf/shelf.ts'
import type { Mode, StartedQuestion } from './workspace/assistants.ts'
import type { OpenWorkspace } from './workspace/workspaces.ts'

/** The assembled parts, as the terminal and the HTTP server use them. */
export interface Application extends AsyncDisposable {
  /** What is in force now; another object after each reload. */
  readonly config: ServerConfig
  /** What writes the SQL. */
  readonly generator: string
  /** The model behind the generator; absent where rules write the SQL. */
  readonly model?: Model | undefined
  readonly authenticate: Authenticate
  /**
   * Answers one question within the limits of the caller, and records that it was asked.
   *
   * @throws `HttpProblem` when a limit is reached, or the question cannot be given to a database.
   */
  answer(caller: Caller, question: string, options?: QuestionOptions): Promise<Answered>
  /**
   * Answers a request of an MCP client with the rights of the caller. Calls of tools count as
   * questions.
   *
   * @throws `HttpProblem` when a limit is reached.
   */
  mcp(caller: Caller, request: Request, method?: string): Promise<Response>
  /** The names of the databases that a caller may ask. */
  databasesOf(caller: Caller): readonly string[]
  /** The state of the MCP servers that answer a caller. */
  servers(caller: Caller): Promise<OrchestratorStatus['servers']>
  /** What is open now, for administrators. */
  workspaces(): readonly OpenWorkspace[]
  /** How many questions each caller is asking now. */
  running(): ReadonlyMap<string, number>
  /** Names what a caller may see; another name when a reload changes it. */
  rightsOf(caller: Caller): string
  /** Where answers are kept for a while, by all processes together. */
  readonly shelf: Shelf
  /** Rows of answers, for a while. */
  readonly results: ResultShelf
  /** Conversations of all owners. */
  readonly sessions: SessionStore
  /** The latest questions, the newest first, and what became of them. */
  executions(): readonly Execution[]
  /**
   * Deletes all that is kept of a person, but for the audit log, which tells that it was done.
   *
   * @throws what a store throws that is away: then it is to be done again.
   */
  forget(owner: string, by: Pick<AuditEntry, 'caller' | 'role'>): Promise<Forgotten>
  /** Writes to the audit log, where there is one. */
  audit(entry: AuditEntry): Promise<void>
  /** How the parts are. */
  health(): Promise<HealthReport>
  /** Whether requests should be sent here. */
  readiness(): Promise<Readiness>
  /** Makes the server not ready from now on. */
  drain(): void
  /** Where the measurements of all parts are. */
  readonly meter: MemoryMeter
  /** The Prometheus text of what happened so far. */
  metrics(): string
  /**
   * Puts another configuration in force: callers, roles, policies, databases and MCP servers. What is
   * being answered ends with the old one. Nothing changes when the new one cannot be opened.
   */
  reload(config: ServerConfig): Promise<void>
}

/** What was deleted. */
export interface Forgotten {
  readonly sessions: number
  /** Rows of answers, and answers kept for their keys. */
  readonly answers: number
}

export interface QuestionOptions {
  /** @defaultValue 'multi_mcp' */
  readonly mode?: Mode | undefined
  /** @defaultValue true */
  readonly recovers?: boolean | undefined
  readonly database?: string | undefined
  readonly conversation?: readonly ConversationTurn[] | undefined
  readonly onEvent?: ((event: AssistantEvent) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** An answer, and what it took. */
export interface Answered {
  readonly answer: Answer
  readonly mode: StartedQuestion['mode']
  readonly database: string
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number }
}

/** A question that was asked, and what became of it. Holds no text of it. */
export interface Execution {
  readonly time: string
  readonly caller: string
  readonly role: string
  readonly database: string
  readonly outcome: Answer['kind']
  /** Why it was refused or failed. */
  readonly codes: readonly string[]
  readonly durationMs: number
}
