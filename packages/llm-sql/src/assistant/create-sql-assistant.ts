import { systemClock, type Clock } from '@t2t/resilience'
import type { Dialect } from '@t2t/sql-guard'
import type { ConversationWindow } from '../conversation/conversation.ts'
import { createTurnFilter } from '../conversation/window.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { Thesaurus } from '../schema/thesaurus.ts'
import type { SqlGenerator } from '../generator/generator.ts'
import type { Model } from '../model/model.ts'
import { createGuardCache, type GuardSource } from '../steps/guard.ts'
import { answerQuestion } from './answer-question.ts'
import { startRun, type AssistantListener } from './answer-run.ts'
import type { ContextSource, QueryRunner, SqlAssistant } from './assistant.ts'

/** Options for {@link createSqlAssistant}. */
export interface SqlAssistantOptions {
  /** Gathers the catalog and the metadata, once for each question. */
  readonly context: ContextSource
  /**
   * Decides what may run; its policy also decides what the generator gets to see. A function is
   * called with the catalog, and again when the catalog's version changes.
   */
  readonly guard: GuardSource
  /** Runs what the guard allowed. */
  readonly run: QueryRunner
  readonly generator: SqlGenerator
  /**
   * Drafts when `generator` failed, for the rest of the question: `offlineGenerator()` for when a
   * model is away. The explanation and the receipt say so.
   * @defaultValue none; the answer is `failed` at once
   */
  readonly fallback?: SqlGenerator | undefined
  /**
   * Time for a question from asking to answer, in milliseconds; then everything that is under way is
   * ended. A number above 0.
   * @defaultValue 120000
   */
  readonly timeoutMs?: number | undefined
  /**
   * Asked about words of a question that mean nothing in the schema.
   * @defaultValue none: names, their forms, comments and metadata are what is known
   */
  readonly thesaurus?: Thesaurus | undefined
  /**
   * Reads the statement once more, to find reasons why its rows may not be the answer: the dialect
   * of the guard.
   * @defaultValue none; only cut-off rows are noticed
   */
  readonly verifyWith?: Dialect | undefined
  /**
   * Reads each question a second time. Where its rows differ from those of `generator`, the answer
   * is a question that shows the difference; where they are the same, the confidence rises.
   * @defaultValue none
   */
  readonly secondReading?: SqlGenerator | undefined
  /**
   * How much of a conversation is used.
   * @defaultValue 2000 tokens, and always the newest turn
   */
  readonly window?: ConversationWindow | undefined
  /**
   * Summarises earlier turns that do not fit into the window.
   * @defaultValue none; they are summarised by their tables, conditions and words
   */
  readonly summarizeWith?: Model | undefined
  /** Told about every event of every question. */
  readonly onEvent?: AssistantListener | undefined
  /**
   * The moment that "today" is taken from, read in the time zone of the process.
   * @defaultValue the system clock
   */
  readonly today?: (() => Date) | undefined
  /**
   * What `timeoutMs` is measured with.
   * @defaultValue the system's clock
   */
  readonly clock?: Clock | undefined
  /**
   * Drafts in total, the first one and repairs included. An integer from 1 up.
   * @defaultValue 3
   */
  readonly maxAttempts?: number | undefined
}

/**
 * Creates an assistant that answers questions about one database.
 *
 * Each question is gathered for, linked, resolved, drafted, checked by the guard and run. A draft
 * with unknown names is repaired without the generator where the guard knows what was meant; else
 * the generator is asked again. It stops when an attempt brings nothing new. A question that is
 * itself an SQL statement goes to the guard as it stands.
 *
 * @throws {@link OptionInvalidError} at once, when `maxAttempts` is not an integer from 1 up,
 * `timeoutMs` not above 0, or a number of `window` not an integer from 0 up.
 *
 * @example
 * ```ts
 * import { createSqlAssistant, type ContextSource, type QueryRunner } from '@t2t/llm-sql'
 * import { offlineGenerator } from '@t2t/llm-sql/offline'
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { sqlite } from '@t2t/sql-guard/sqlite'
 *
 * declare const context: ContextSource
 * declare const run: QueryRunner
 *
 * const policy = definePolicy({ columns: { block: ['customers.email'] } })
 * const assistant = createSqlAssistant({
 *   context,
 *   guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy, catalog }),
 *   run,
 *   generator: offlineGenerator(),
 * })
 * const answer = await assistant.ask('How many orders are there per store?').answer
 * ```
 */
export function createSqlAssistant(options: SqlAssistantOptions): SqlAssistant {
  const {
    context,
    guard,
    run,
    generator,
    fallback,
    timeoutMs = 120_000,
    thesaurus,
    verifyWith,
    secondReading,
    window,
    summarizeWith,
    onEvent,
    today = () => new Date(),
    clock = systemClock,
    maxAttempts = 3,
  } = options
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
    throw new OptionInvalidError(`maxAttempts must be an integer from 1 up, got ${maxAttempts}.`)
  }
  if (!(timeoutMs > 0))
    throw new OptionInvalidError(`timeoutMs must be a number above 0, got ${timeoutMs}.`)
  const chooseTurns = createTurnFilter(window, summarizeWith)
  const guardFor = createGuardCache(guard)
  const never = new AbortController().signal

  return {
    ask: (question, { signal = never, conversation = [] } = {}) =>
      startRun(
        (emit) =>
          answerQuestion(question, {
            context,
            guardFor,
            run,
            generator,
            fallback,
            timeoutMs,
            thesaurus,
            verifyWith,
            secondReading,
            today,
            clock,
            earlier: conversation,
            chooseTurns,
            maxAttempts,
            emit,
            signal,
          }),
        onEvent,
      ),
  }
}
