import type { QueryRunner } from '../assistant/assistant.ts'
import { unlessAborted } from '../assistant/unless-aborted.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { runQuery } from '../steps/run.ts'
import { acceptedQueries } from './accepted.ts'
import type { EvaluationQuestion } from './questions.ts'
import { reportOf, type EvaluationReport } from './report.ts'
import { isSameResult, saysOrder } from './same-result.ts'
import type { EvaluationSubject, SubjectAnswer } from './subject.ts'

/** Options for {@link evaluate}. */
export interface EvaluateOptions {
  readonly questions: readonly EvaluationQuestion[]
  /** What is evaluated. */
  readonly subject: EvaluationSubject
  /** Runs the accepted queries of a database; it must give all rows. */
  readonly runnerFor: (db: string) => QueryRunner | Promise<QueryRunner>
  /**
   * Results of an earlier run; their questions are not asked again.
   * @defaultValue none
   */
  readonly done?: readonly EvaluatedQuestion[] | undefined
  /**
   * Questions that are asked at the same time. An integer from 1 up.
   * @defaultValue 1
   */
  readonly concurrency?: number | undefined
  /** Told about each result as it comes. What it throws ends the evaluation. */
  readonly onResult?:
    | ((result: EvaluatedQuestion, progress: EvaluationProgress) => void)
    | undefined
  readonly signal?: AbortSignal | undefined
}

/** How far an evaluation is. */
export interface EvaluationProgress {
  readonly finished: number
  readonly total: number
  readonly right: number
}

/** What became of one question. Plain JSON; it holds no rows. */
export interface EvaluatedQuestion {
  readonly id: string
  readonly db: string
  /**
   * `right` and `wrong` speak of rows that were given; `asked`, `refused` and `failed` are answers
   * without rows; `unscored` is a question none of whose accepted queries ran.
   */
  readonly outcome: 'right' | 'wrong' | 'asked' | 'refused' | 'failed' | 'unscored'
  /** Whether the data can answer the question. */
  readonly isAnswerable: boolean
  readonly sql?: string | undefined
  readonly message?: string | undefined
  readonly confidence?: number | undefined
  readonly durationMs: number
  readonly modelCalls: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/**
 * Asks every question, compares the rows with those of the accepted queries, and counts.
 *
 * What a subject throws counts as failed. The order of rows counts only where the accepted query
 * says one at its end.
 *
 * @throws {@link OptionInvalidError} when `concurrency` is not an integer from 1 up.
 * @throws The reason of the signal, when it aborts.
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationReport> {
  const { questions, done = [], concurrency = 1, onResult } = options
  const { signal = new AbortController().signal } = options
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new OptionInvalidError(`concurrency must be an integer from 1 up, got ${concurrency}.`)
  const ids = new Set(questions.map(({ id }) => id))
  const results = new Map(done.filter(({ id }) => ids.has(id)).map((one) => [one.id, one]))
  const waiting = questions.filter(({ id }) => !results.has(id))[Symbol.iterator]()
  let right = [...results.values()].filter(({ outcome }) => outcome === 'right').length
  const work = async (): Promise<void> => {
    for (const question of waiting) {
      signal.throwIfAborted()
      const result = await evaluateOne(question, options, signal)
      results.set(question.id, result)
      if (result.outcome === 'right') right += 1
      onResult?.(result, { finished: results.size, total: questions.length, right })
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return reportOf(questions.flatMap(({ id }) => results.get(id) ?? []))
}

async function evaluateOne(
  question: EvaluationQuestion,
  { subject, runnerFor }: EvaluateOptions,
  signal: AbortSignal,
): Promise<EvaluatedQuestion> {
  const { id, db, answerable = true } = question
  const start = performance.now()
  let answer: SubjectAnswer
  try {
    answer = await unlessAborted(subject(question, signal), signal)
  } catch {
    signal.throwIfAborted()
    answer = { kind: 'failed', message: 'It threw an error.' }
  }
  const durationMs = performance.now() - start
  const { sql, message, confidence, rows } = answer
  const { modelCalls = 0, inputTokens = 0, outputTokens = 0 } = answer
  const outcome =
    answer.kind !== 'answered'
      ? answer.kind
      : answerable
        ? await compare(question, rows ?? [], await runnerFor(db), signal)
        : 'wrong'
  return {
    id,
    db,
    outcome,
    isAnswerable: answerable,
    ...(sql === undefined ? {} : { sql }),
    ...(message === undefined ? {} : { message }),
    ...(confidence === undefined ? {} : { confidence }),
    durationMs: Math.round(durationMs * 10) / 10,
    modelCalls,
    inputTokens,
    outputTokens,
  }
}

async function compare(
  question: EvaluationQuestion,
  rows: NonNullable<SubjectAnswer['rows']>,
  run: QueryRunner,
  signal: AbortSignal,
): Promise<'right' | 'wrong' | 'unscored'> {
  let ran = 0
  for (const sql of acceptedQueries(question)) {
    const expected = await runQuery(run, sql, signal)
    if (expected.kind === 'failed') continue
    ran += 1
    if (isSameResult(rows, expected.rows, saysOrder(sql))) return 'right'
  }
  return ran === 0 ? 'unscored' : 'wrong'
}
