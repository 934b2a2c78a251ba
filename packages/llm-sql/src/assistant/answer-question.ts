import { timeout, type Clock } from '@t2t/resilience'
import type { Catalog, Dialect, SqlGuard, TableRead } from '@t2t/sql-guard'
import type { ConversationTurn } from '../conversation/conversation.ts'
import type { TurnFilter } from '../conversation/window.ts'
import { dayOf } from '../entities/calendar.ts'
import type { Draft, DraftRequest, FailedDraft, SqlGenerator } from '../generator/generator.ts'
import { receiptOf, type Ground } from '../receipt/receipt.ts'
import type { Thesaurus } from '../schema/thesaurus.ts'
import { draftSafely } from '../steps/draft.ts'
import { entitiesOf } from '../steps/entities.ts'
import { explain } from '../steps/explain.ts'
import { catalogSourceOf, visibleContext, withoutHiddenNames } from '../steps/gather.ts'
import { isAvoidable, rememberingGuard } from '../steps/guard.ts'
import { link } from '../steps/link.ts'
import { repair, type Repaired } from '../steps/repair.ts'
import type { Repair } from '../steps/repair/repair-step.ts'
import { resolveEntities } from '../steps/resolve.ts'
import { runQuery } from '../steps/run.ts'
import { checkStatement, mendStatement } from '../steps/statement.ts'
import { readAgain } from '../verify/second-reading.ts'
import type { Answer, AnsweredAnswer, AnswerBase } from './answer.ts'
import type { AssistantListener } from './answer-run.ts'
import { doubtsAbout, isCutByGuard } from '../verify/doubts.ts'
import { weighed } from '../verify/verify.ts'
import type { Context, ContextSource, QueryRunner } from './assistant.ts'
import { isTimedOut, takeNotes, tooLate, withFallback } from './around-question.ts'
import { unlessAborted } from './unless-aborted.ts'
import { stopped, withoutCatalog } from './without-rows.ts'

/** What answering one question needs. */
export interface AnswerOptions {
  readonly context: ContextSource
  readonly guardFor: (catalog: Catalog) => Promise<SqlGuard>
  readonly run: QueryRunner
  readonly generator: SqlGenerator
  /** Drafts when `generator` failed. */
  readonly fallback: SqlGenerator | undefined
  readonly timeoutMs: number
  readonly thesaurus: Thesaurus | undefined
  readonly verifyWith: Dialect | undefined
  readonly secondReading: SqlGenerator | undefined
  readonly today: () => Date
  readonly clock: Clock
  readonly earlier: readonly ConversationTurn[]
  readonly chooseTurns: TurnFilter
  readonly maxAttempts: number
  readonly emit: AssistantListener
  readonly signal: AbortSignal
}

/** Answers one question, step by step; rejects only with the reason of the signal. */
export async function answerQuestion(question: string, options: AnswerOptions): Promise<Answer> {
  const { signal, timeoutMs, clock } = options
  const start = performance.now()
  const noted = takeNotes(options.emit)
  signal.throwIfAborted()
  const inTime = timeout({ afterMs: timeoutMs, covers: 'total', clock })
  let answer: Answer
  try {
    const work = inTime(({ signal: own }) =>
      gatherAndAnswer(question, { ...options, emit: noted.emit, signal: own }),
    )
    answer = await unlessAborted(work({ signal }), signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!isTimedOut(error)) throw error
    answer = { ...tooLate(question, timeoutMs), entities: noted.entities() }
  }
  const durationMs = performance.now() - start
  noted.emit({
    type: 'question-answered',
    kind: answer.kind,
    durationMs,
    attempts: noted.attempts(),
  })
  const usage = noted.usage()
  return usage.modelCalls === 0 ? answer : { ...answer, usage }
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
  const today = dayOf(options.today())
  const { catalog, metadata, conflicts } = visibleContext(context, guard.policy)
  emit({
    type: 'context-gathered',
    tables: context.catalog.tables.length,
    sources: sources.length,
    missing: missing.length,
    ...(conflicts.length === 0 ? {} : { conflicts: conflicts.length }),
    durationMs: performance.now() - start,
  })
  const { name: generator } = options.generator
  const ground = {
    question,
    today,
    generator,
    policy: guard.policy,
    catalog,
    metadata,
    whole: context.catalog,
  }
  const statement = checkStatement(question, guard)
  const mended = statement === undefined ? mendStatement(question, guard, catalog) : undefined
  if (statement !== undefined || mended !== undefined) {
    const explanation = 'The question is SQL and ran as the guard allowed it.'
    const draft: Draft = {
      kind: 'sql',
      sql: mended?.sql ?? question,
      explanation: explain(explanation, mended?.repairs ?? [], []),
      confidence: mended === undefined ? 1 : 0.9,
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
  const resolved = resolveEntities(link(question, catalog, options), {
    metadata,
    catalogSource,
    today,
  })
  const entities = entitiesOf(resolved, catalogSource)
  emit({ type: 'entities-resolved', entities })
  const onModelCalled: DraftRequest['onModelCalled'] = (call) =>
    emit({ type: 'model-called', ...call })
  const { turns: earlier, summary } = await options.chooseTurns(options.earlier, catalog, {
    signal,
    onModelCalled,
  })
  const request: DraftRequest = {
    question: resolved,
    entities,
    metadata,
    today,
    earlier,
    ...(summary === undefined ? {} : { summary }),
    onModelCalled,
  }
  const entitiesFor = (reads: readonly TableRead[]): AnswerBase['entities'] =>
    entitiesOf(resolved, catalogSource, reads)
  const met = conflicts.filter(({ term }) =>
    entities.some((entity) => entity.term.toLowerCase() === term.trim().toLowerCase()),
  )
  const asked = { ...base, entities, ...(met.length === 0 ? {} : { conflicts: met }) }
  return attempt(asked, request, guard, options, ground, entitiesFor)
}

/** Drafts, checks and runs until there are rows, or until nothing new comes. */
async function attempt(
  base: AnswerBase,
  first: DraftRequest | Extract<Draft, { kind: 'sql' }>,
  guard: SqlGuard,
  options: AnswerOptions,
  ground: Ground & { readonly whole: Catalog },
  entitiesFor: (reads: readonly TableRead[]) => AnswerBase['entities'] = () => base.entities,
): Promise<Answer> {
  const { fallback, maxAttempts, emit, signal } = options
  let drafting = options.generator
  let origin = ground
  const tried = new Set<string>()
  const repairs: Repair[] = []
  let previous: FailedDraft | undefined
  let current: Extract<Draft, { kind: 'sql' }> | undefined
  const mended = (failed: FailedDraft, isLast: boolean): Repaired | undefined =>
    repair(failed.sql, failed, {
      catalog: ground.catalog,
      question: base.question,
      certainty: isLast ? 'likely' : 'sure',
      check: (sql) => {
        const verdict = guard.check(sql)
        return verdict.kind === 'refused' ? verdict : undefined
      },
    })

  for (let attempts = 1; attempts <= maxAttempts; attempts++) {
    const start = performance.now()
    let repaired = previous === undefined ? undefined : mended(previous, attempts === maxAttempts)
    if (repaired === undefined && 'sql' in first) {
      current = first
    } else if (repaired === undefined && !('sql' in first)) {
      let draft = await draftSafely(drafting, { ...first, previous }, signal)
      if (draft.kind === 'failed' && fallback !== undefined && drafting !== fallback) {
        drafting = fallback
        origin = { ...ground, generator: fallback.name }
        draft = withFallback(await draftSafely(fallback, { ...first, previous }, signal))
      }
      if (draft.kind === 'failed')
        return { ...base, kind: 'failed', code: 'model-failed', message: draft.message }
      if (draft.kind === 'cannot')
        return { ...base, kind: 'clarify', ask: draft.ask, choices: draft.choices }
      if (tried.has(draft.sql) && previous !== undefined) repaired = mended(previous, true)
      else current = draft
    }
    if (repaired !== undefined && current !== undefined) {
      repairs.push(...repaired.repairs)
      const confidence = current.confidence * (repaired.certainty === 'sure' ? 0.9 : 0.6)
      current = { ...current, sql: repaired.sql, confidence }
    }
    if (current === undefined || tried.has(current.sql)) break
    const { sql } = current
    tried.add(sql)
    const by = repaired === undefined ? origin.generator : 'repair'
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
      const message = withoutHiddenNames(run.message, ground.whole, ground.catalog)
      previous = { sql, findings: [], message }
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
      explanation: explain(current.explanation, repairs, warnings),
      confidence: weighed(current.confidence, warnings),
      attempts,
      ...(warnings.length === 0 ? {} : { warnings }),
      receipt: receiptOf(origin, sql, verdict, run),
    }
    const { secondReading, run: runner } = options
    if (secondReading === undefined || 'sql' in first) return answer
    const again = { generator: secondReading, guard, run: runner, signal }
    return readAgain(answer, current.explanation, first, again)
  }
  return stopped(base, previous, tried.size, 'sql' in first)
}
