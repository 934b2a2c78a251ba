import type { AllowedVerdict, Catalog, Dialect, Finding, SqlGuard, TableRead } from '@t2t/sql-guard'
import type { ConversationTurn, TurnFilter } from '../conversation/conversation.ts'
import { dayOf } from '../entities/calendar.ts'
import { CatalogMissingError, isLlmSqlError } from '../errors/errors.ts'
import type { Draft, DraftRequest, FailedDraft, SqlGenerator } from '../generator/generator.ts'
import { receiptOf, type Ground } from '../receipt/receipt.ts'
import { draftSafely } from '../steps/draft.ts'
import { entitiesOf } from '../steps/entities.ts'
import { explain } from '../steps/explain.ts'
import { catalogSourceOf, visibleContext } from '../steps/gather.ts'
import { isAvoidable, isMistake, rememberingGuard } from '../steps/guard.ts'
import { link } from '../steps/link.ts'
import { repair, type Repaired } from '../steps/repair.ts'
import { resolveEntities } from '../steps/resolve.ts'
import { runQuery } from '../steps/run.ts'
import { checkStatement } from '../steps/statement.ts'
import { readAgain } from '../verify/second-reading.ts'
import type { Answer, AnsweredAnswer, AnswerBase, AnswerWarning, FailedAnswer } from './answer.ts'
import type { AssistantListener } from './answer-run.ts'
import { verify, weighed } from '../verify/verify.ts'
import type { Context, ContextSource, QueryRun, QueryRunner } from './assistant.ts'

/** What answering one question needs. */
export interface AnswerOptions {
  readonly context: ContextSource
  readonly guardFor: (catalog: Catalog) => Promise<SqlGuard>
  readonly run: QueryRunner
  readonly generator: SqlGenerator
  readonly verifyWith: Dialect | undefined
  readonly secondReading: SqlGenerator | undefined
  readonly today: () => Date
  readonly earlier: readonly ConversationTurn[]
  readonly chooseTurns: TurnFilter
  readonly maxAttempts: number
  readonly emit: AssistantListener
  readonly signal: AbortSignal
}

/** Answers one question, step by step; rejects only with the reason of the signal. */
export async function answerQuestion(question: string, options: AnswerOptions): Promise<Answer> {
  const { signal } = options
  const start = performance.now()
  let attempts = 0
  const emit: AssistantListener = (event) => {
    if (event.type === 'sql-drafted') attempts = Math.max(attempts, event.attempt)
    options.emit(event)
  }
  signal.throwIfAborted()
  const answer = await unlessAborted(gatherAndAnswer(question, { ...options, emit }), signal)
  const durationMs = performance.now() - start
  emit({ type: 'question-answered', kind: answer.kind, durationMs, attempts })
  return answer
}

/** Ends with the signal even when something that was called does not look at it. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, promise])
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function gatherAndAnswer(question: string, options: AnswerOptions): Promise<Answer> {
  const { emit, signal } = options
  const start = performance.now()
  let context: Context
  let guard: SqlGuard
  try {
    context = await options.context(signal)
    guard = rememberingGuard(await options.guardFor(context.catalog))
  } catch (error) {
    signal.throwIfAborted()
    return withoutCatalog(question, error)
  }
  const { sources, missing } = context
  const base: AnswerBase = { question, entities: [], sources, missing }
  emit({
    type: 'context-gathered',
    tables: context.catalog.tables.length,
    sources: sources.length,
    missing: missing.length,
    durationMs: performance.now() - start,
  })
  const today = dayOf(options.today())
  const { catalog, metadata } = visibleContext(context, guard.policy)
  const { name: generator } = options.generator
  const ground = { question, today, generator, policy: guard.policy, catalog, metadata }
  const statement = checkStatement(question, guard)
  if (statement !== undefined) {
    const draft: Draft = {
      kind: 'sql',
      sql: question,
      explanation: 'The question is SQL and ran as the guard allowed it.',
      confidence: 1,
    }
    return attempt(
      base,
      draft,
      guard,
      { ...options, maxAttempts: 1 },
      { ...ground, generator: 'question' },
    )
  }

  const catalogSource = catalogSourceOf(context)
  const resolved = resolveEntities(link(question, catalog), { metadata, catalogSource, today })
  const entities = entitiesOf(resolved, catalogSource)
  emit({ type: 'entities-resolved', entities })
  const request: DraftRequest = {
    question: resolved,
    entities,
    metadata,
    today,
    earlier: options.chooseTurns(options.earlier, catalog),
    onModelCalled: (call) => emit({ type: 'model-called', ...call }),
  }
  const entitiesFor = (reads: readonly TableRead[]): AnswerBase['entities'] =>
    entitiesOf(resolved, catalogSource, reads)
  const asked = { ...base, entities }
  return attempt(asked, request, guard, options, ground, entitiesFor)
}

function withoutCatalog(question: string, error: unknown): FailedAnswer {
  const missing = error instanceof CatalogMissingError ? error.missing : []
  const message = isLlmSqlError(error)
    ? error.message
    : 'What the database contains could not be read.'
  return {
    kind: 'failed',
    code: 'catalog-missing',
    message,
    question,
    entities: [],
    sources: [],
    missing,
  }
}

/** Drafts, checks and runs until there are rows, or until nothing new comes. */
async function attempt(
  base: AnswerBase,
  first: DraftRequest | Extract<Draft, { kind: 'sql' }>,
  guard: SqlGuard,
  options: AnswerOptions,
  ground: Ground,
  entitiesFor: (reads: readonly TableRead[]) => AnswerBase['entities'] = () => base.entities,
): Promise<Answer> {
  const { generator, maxAttempts, emit, signal } = options
  const tried = new Set<string>()
  const replaced: Repaired['replaced'][number][] = []
  let previous: FailedDraft | undefined
  let current: Extract<Draft, { kind: 'sql' }> | undefined

  for (let attempts = 1; attempts <= maxAttempts; attempts++) {
    const start = performance.now()
    const repaired: Repaired | undefined =
      previous === undefined ? undefined : repair(previous.sql, previous.findings)
    if (repaired !== undefined && current !== undefined) {
      replaced.push(...repaired.replaced)
      current = { ...current, sql: repaired.sql, confidence: current.confidence * 0.9 }
    } else if ('sql' in first) {
      current = first
    } else {
      const draft = await draftSafely(generator, { ...first, previous }, signal)
      if (draft.kind === 'failed')
        return { ...base, kind: 'failed', code: 'model-failed', message: draft.message }
      if (draft.kind === 'cannot')
        return { ...base, kind: 'clarify', ask: draft.ask, choices: draft.choices }
      current = draft
    }
    const { sql } = current
    if (tried.has(sql)) break
    tried.add(sql)
    const by = repaired === undefined ? ground.generator : 'repair'
    emit({
      type: 'sql-drafted',
      attempt: attempts,
      sql,
      generator: by,
      durationMs: performance.now() - start,
    })
    const verdict = guard.check(sql)
    const codes = verdict.kind === 'refused' ? verdict.findings.map(({ code }) => code) : []
    emit({ type: 'sql-checked', attempt: attempts, verdict: verdict.kind, codes })
    if (verdict.kind === 'refused') {
      previous = { sql, findings: verdict.findings }
      if (!isAvoidable(verdict.findings)) break
      continue
    }
    const runStart = performance.now()
    const run = await runQuery(options.run, verdict.sql, signal)
    if (run.kind === 'failed') {
      previous = { sql, findings: [], message: run.message }
      continue
    }
    const isTruncated = run.isTruncated || isCutByGuard(run.rows.length, verdict)
    emit({
      type: 'rows-read',
      rows: run.rows.length,
      isTruncated,
      durationMs: performance.now() - runStart,
    })
    const warnings = await doubtsAbout(sql, run, isTruncated, guard, ground, options)
    const answer: AnsweredAnswer = {
      ...base,
      entities: entitiesFor(verdict.reads),
      kind: 'answered',
      sql: verdict.sql,
      columns: run.columns,
      rows: run.rows,
      isTruncated,
      explanation: explain(current.explanation, replaced, warnings),
      confidence: weighed(current.confidence, warnings),
      attempts,
      ...(warnings.length === 0 ? {} : { warnings }),
      receipt: receiptOf(ground, sql, verdict, run),
    }
    const { secondReading, run: runner } = options
    if (secondReading === undefined || 'sql' in first) return answer
    const again = { generator: secondReading, guard, run: runner, signal }
    return readAgain(answer, current.explanation, first, again)
  }
  return stopped(base, previous, tried.size, 'sql' in first)
}

/** Whether the limit that the guard wrote into the statement may have ended the rows. */
function isCutByGuard(rows: number, { rowLimit, maxRows }: AllowedVerdict): boolean {
  return rowLimit === 'guard' && rows >= maxRows
}

/** Finds reasons why the rows may not be the answer; a fault of the search is one of them. */
async function doubtsAbout(
  sql: string,
  { rows }: Extract<QueryRun, { kind: 'rows' }>,
  isTruncated: boolean,
  guard: SqlGuard,
  { catalog }: Ground,
  { verifyWith: dialect, run, signal }: AnswerOptions,
): Promise<readonly AnswerWarning[]> {
  const cutOff: AnswerWarning[] = isTruncated
    ? [{ code: 'rows-cut-off', message: 'Not all rows were read.' }]
    : []
  if (dialect === undefined) return cutOff
  try {
    const found = await verify(sql, rows, { dialect, guard, catalog, run, signal })
    return [...found, ...cutOff]
  } catch {
    signal.throwIfAborted()
    return [{ code: 'not-verified', message: 'The statement could not be verified.' }, ...cutOff]
  }
}

/** What remains to be said when no draft could be run. */
function stopped(
  base: AnswerBase,
  previous: FailedDraft | undefined,
  drafts: number,
  isStatement: boolean,
): Answer {
  const findings: readonly Finding[] = previous?.findings ?? []
  if (previous !== undefined && findings.length > 0 && (isStatement || !isMistake(findings))) {
    return { ...base, kind: 'refused', sql: previous.sql, findings }
  }
  if (findings.length > 0) {
    const count = drafts === 1 ? 'One draft was made' : `${drafts} drafts were made`
    return {
      ...base,
      kind: 'failed',
      code: 'attempts-exhausted',
      message: `${count}, and none of them fits the database.`,
    }
  }
  return {
    ...base,
    kind: 'failed',
    code: 'database-failed',
    message: previous?.message ?? 'The database could not be read.',
  }
}
