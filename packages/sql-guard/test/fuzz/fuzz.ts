import { createSqlGuard, type SqlGuard } from '@t2t/sql-guard'
import { openClickhouse } from './engines/clickhouse.ts'
import type { Answer, Engine, Judgement } from './engines/engine.ts'
import { openMariadb } from './engines/mariadb.ts'
import { openPglite, openPostgres } from './engines/postgres.ts'
import { openSqlite } from './engines/sqlite.ts'
import type { Flavour } from './grammar/names.ts'
import { minimised } from './minimise.ts'
import { randomOf } from './random.ts'
import { textsFor } from './texts.ts'
import { fuzzCatalog, partNames, type Target, targetsFor, viewNames } from './world.ts'

export const engineNames = ['sqlite', 'pglite', 'postgres', 'mariadb', 'clickhouse'] as const
export type EngineName = (typeof engineNames)[number]

const engines: Readonly<
  Record<EngineName, { readonly open: () => Promise<Engine>; readonly flavour: Flavour }>
> = {
  sqlite: { open: openSqlite, flavour: 'sqlite' },
  pglite: { open: openPglite, flavour: 'postgres' },
  postgres: { open: openPostgres, flavour: 'postgres' },
  mariadb: { open: openMariadb, flavour: 'mariadb' },
  clickhouse: { open: openClickhouse, flavour: 'clickhouse' },
}

/** What came of the texts of a run. */
export interface Counts {
  /** Texts that a guard decided about. */
  readonly mutations: number
  /** Texts that it let through. */
  readonly allowed: number
  /** Of these, texts that the engine ran in both worlds. */
  readonly ran: number
  /**
   * Of these, texts of which the planner makes a difference: those that fail in one world only, with
   * a row filter, and those that do not do it again. See the threat model.
   */
  readonly planned: number
  /** Texts that the engine or the watch had to stop. */
  readonly stopped: number
}

export const noCounts: Counts = { mutations: 0, allowed: 0, ran: 0, planned: 0, stopped: 0 }

export function sumOf(left: Counts, right: Counts): Counts {
  return {
    mutations: left.mutations + right.mutations,
    allowed: left.allowed + right.allowed,
    ran: left.ran + right.ran,
    planned: left.planned + right.planned,
    stopped: left.stopped + right.stopped,
  }
}

/** A text that got through although its answer depends on what is hidden, or that changed something. */
export interface Found {
  readonly index: number
  readonly policy: string
  readonly why: 'leak' | 'change'
  readonly sql: string
  readonly shortest: string
  /** What the guard made of the shortest text. */
  readonly rewritten: string
  /** What the shortest text gives in the two worlds. */
  readonly answers: readonly string[]
}

export interface FuzzOptions {
  readonly engine: EngineName
  readonly seed: number
  /** The number of the first text. */
  readonly from: number
  /** The number after the last text. */
  readonly to: number
  /** Whether all guards read with the portable dialect, and not only one of them. */
  readonly isPortable?: boolean | undefined
  /** Texts that are run together. */
  readonly batch?: number | undefined
  /** Told after each batch; `next` is the number of the text to go on with. */
  readonly onProgress?: (next: number, counts: Counts, found: readonly Found[]) => void
}

/** Gives texts to guards, and lets an engine judge what they let through. */
export async function fuzz(options: FuzzOptions): Promise<{
  readonly counts: Counts
  readonly found: readonly Found[]
}> {
  const { engine: name, seed, from, to, batch = 4_096, onProgress } = options
  const { open, flavour } = engines[name]
  const textOf = textsFor(flavour, seed)
  const engine = await open()
  const targets = targetsFor(engine.dialect.name).map((target): Target =>
    options.isPortable === true ? { ...target, isPortable: true } : target,
  )
  const trials = await Promise.all(targets.map((target) => trialOf(engine, target)))
  let counts = noCounts
  const all: Found[] = []
  try {
    for (let next = from; next < to;) {
      const end = Math.min(next + batch, to)
      const numbers = Array.from({ length: end - next }, (_, offset) => next + offset)
      const found: Found[] = []
      let step = noCounts
      for (const [which, trial] of trials.entries()) {
        const mine = numbers.filter((number) => trialOfText(seed, number, trials.length) === which)
        const texts = mine.map((number) => ({ number, sql: textOf(number) }))
        const judged = await judge(engine, trial, texts)
        step = sumOf(step, judged.counts)
        found.push(...judged.found)
      }
      next = end
      counts = sumOf(counts, step)
      all.push(...found)
      onProgress?.(next, step, found)
    }
  } finally {
    await engine.close()
  }
  return { counts, found: all }
}

/** Which of the policies a text is given to. */
function trialOfText(seed: number, index: number, policies: number): number {
  return Math.floor(randomOf(seed ^ 0x5bd1e995, index)() * policies)
}

interface Trial {
  readonly target: Target
  readonly guard: SqlGuard
}

async function trialOf({ dialect, portable, schema }: Engine, target: Target): Promise<Trial> {
  const guard = await createSqlGuard({
    dialect: target.isPortable === true ? portable : dialect,
    policy: target.policy,
    attributes: { customer: 1 },
    maxCachedTexts: 0,
    ...(target.hasCatalog ? { catalog: fuzzCatalog(dialect.name, schema) } : {}),
  })
  return { target, guard }
}

const needCatalog = [...viewNames, ...partNames, 'email_upper']

/** The text that may run, where its answer can be judged. */
function passed({ guard, target }: Trial, sql: string): string | undefined {
  // Without a catalog, views and partitions look like tables, and a generated column like any other.
  if (!target.hasCatalog && needCatalog.some((name) => sql.toLowerCase().includes(name))) {
    return undefined
  }
  const verdict = guard.check(sql)
  return verdict.kind === 'allowed' && !isFleeting(verdict.sql) ? verdict.sql : undefined
}

/** Random numbers, the time and samples differ from one call to the next. */
function isFleeting(sql: string): boolean {
  return /random|now\b|now\(|current_|localtime|timeofday|clock_|uuid|tablesample|\brand\b|sysdate|utc_|now64|nowinblock|today|yesterday|rowNumberInBlock|generateULID|\bsample\b|curdate|curtime|julianday|unixepoch|unix_timestamp|strftime|date\(\)/i.test(
    sql,
  )
}

async function judge(
  engine: Engine,
  trial: Trial,
  texts: readonly { readonly number: number; readonly sql: string }[],
): Promise<{ readonly counts: Counts; readonly found: readonly Found[] }> {
  const runnable = texts.flatMap(({ number, sql }) => {
    const rewritten = passed(trial, sql)
    return rewritten === undefined ? [] : [{ number, sql, rewritten }]
  })
  const { judgements, isChanged } = await engine.judge(
    runnable.map(({ rewritten }) => rewritten),
    trial.target.hidden,
  )
  const found: Found[] = []
  let [ran, planned, stopped] = [0, 0, 0]
  for (const [index, text] of runnable.entries()) {
    const judgement = judgements[index]
    if (judgement === undefined) continue
    if (hasStopped(judgement)) stopped++
    else if (judgement.one.kind === 'rows' && judgement.other.kind === 'rows') ran++
    const why = isChanged && (await changes(engine, trial, text.rewritten)) ? 'change' : 'leak'
    if (why === 'leak' && !differs(judgement)) continue
    if (why === 'leak' && isPlanned(trial, judgement)) {
      planned++
      continue
    }
    const proved = await finding(engine, trial, text, why)
    if (proved === undefined) planned++
    else found.push(proved)
  }
  const counts = { mutations: texts.length, allowed: runnable.length, ran, planned, stopped }
  return { counts, found }
}

function hasStopped({ one, other }: Judgement): boolean {
  return one.kind === 'stopped' || other.kind === 'stopped'
}

function differs(judgement: Judgement): boolean {
  const { one, other } = judgement
  if (hasStopped(judgement)) return false
  return one.kind !== other.kind || textOf(one) !== textOf(other)
}

function textOf(answer: Answer): string {
  return answer.kind === 'stopped' ? '' : answer.text
}

/** The planner may compute conditions on rows that a row filter hides, and fail on them. */
function isPlanned({ target }: Trial, { one, other }: Judgement): boolean {
  return (
    (target.hidden === 'rows' || target.hidden === 'both') &&
    (one.kind === 'error' || other.kind === 'error')
  )
}

async function changes(engine: Engine, { target }: Trial, sql: string): Promise<boolean> {
  return (await engine.judge([sql], target.hidden)).isChanged
}

async function finding(
  engine: Engine,
  trial: Trial,
  { number, sql }: { readonly number: number; readonly sql: string },
  why: Found['why'],
): Promise<Found | undefined> {
  const isStill = async (text: string): Promise<boolean> => {
    const rewritten = passed(trial, text)
    if (rewritten === undefined) return false
    const { judgements, isChanged } = await engine.judge([rewritten], trial.target.hidden)
    const [judgement] = judgements
    if (why === 'change') return isChanged
    return judgement !== undefined && differs(judgement) && !isPlanned(trial, judgement)
  }
  // A text that does it only beside others shows how the engine plans, not what is hidden.
  if (!(await isStill(sql)) || !(await isStill(sql))) return undefined
  const shortest = await minimised(sql, isStill)
  const rewritten = passed(trial, shortest) ?? ''
  const { judgements } = await engine.judge([rewritten], trial.target.hidden)
  const answers = judgements.flatMap(({ one, other }) => [textOf(one), textOf(other)])
  const { policy } = trial.target
  const name = [
    policy.name,
    ...(trial.target.hasCatalog ? [] : ['without a catalog']),
    ...(trial.target.isPortable === true ? ['with the portable dialect'] : []),
  ].join(' ')
  return { index: number, policy: name, why, sql, shortest, rewritten, answers }
}
