import {
  createSqlGuard,
  type Catalog,
  type GuardListener,
  type Policy,
  type SqlGuard,
  type SqlGuardOptions,
} from '@t2t/sql-guard'
import type { Engine } from '../engine/engine.ts'
import { isPooled, type PoolFigures } from '../engine/pool.ts'
import { checkAtLeast } from '../errors/check.ts'
import { DatabaseClosedError, OptionInvalidError } from '../errors/errors.ts'
import { capsOf, tighten } from '../read/caps.ts'
import { driftOf, type Drift } from '../posture/drift.ts'
import { askingEngine, postureOf, type Posture } from '../posture/posture.ts'
import { monotonicNow, type Now } from '../read/deadline.ts'
import { createResultCache, type ResultCacheOptions } from '../cache/result-cache.ts'
import type { ReadCaps, ReadResult } from '../read/read.ts'
import type { Database, QueryOptions, QueryOutcome } from './database.ts'
import { withoutHiddenNames } from './discreet.ts'
import { type Ending, endingOf, failureOf } from './ending.ts'
import type { DatabaseEvent, DatabaseListener } from './events.ts'
import { createKeeper } from './keeper.ts'
import { guardDialect } from './guard-dialect.ts'
import {
  checkSampledColumns,
  checkSampleValues,
  withSampleValues,
  type SampleValuesOptions,
} from './sample-values.ts'
import { checkBeside, type TrialOptions } from './trial.ts'

/** Options for {@link createDatabase}. */
export interface DatabaseOptions {
  /**
   * How the database is called in tools, answers and metric labels: a letter, then at most 62
   * letters, digits, `_` or `-`.
   */
  readonly name: string
  /** Where rows come from. The database owns it and closes it. */
  readonly engine: Engine
  /** What may be read. `limits.maxRows` holds beside `caps.maxRows`: the smaller one wins. */
  readonly policy: Policy
  /**
   * Values that the row filters of the policy name, such as the tenant of the callers. Make one
   * database, with an engine of its own, for each set of attributes.
   * @defaultValue none
   */
  readonly attributes?: SqlGuardOptions['attributes'] | undefined
  /**
   * Caps of every reading: rows, bytes, bytes of one value, and milliseconds.
   * @defaultValue 1,000 rows, 4 MiB, 64 KiB, 15 seconds
   */
  readonly caps?: Partial<ReadCaps> | undefined
  /**
   * Columns that show some of their values in the catalog, so that the words of a question can be
   * recognised. Whoever may see the catalog sees these values.
   * @defaultValue no column
   */
  readonly sampleValues?: SampleValuesOptions | undefined
  /**
   * How old the catalog may be, in milliseconds, before a call has it read again in the background;
   * an integer from 1 up. It is also read again when the engine does not know a name that the guard
   * knew.
   * @defaultValue any age
   */
  readonly catalogMaxAgeMs?: number | undefined
  /**
   * Keeps results, so that the same text need not be read again. A result is kept for this database
   * alone, hence for one policy and one set of attributes, and only until the catalog changes.
   * @defaultValue nothing is kept
   */
  readonly cache?: ResultCacheOptions | undefined
  readonly onEvent?: DatabaseListener | undefined
  /**
   * A policy that is tried out: it hears every text that callers ask, refuses none, and tells where
   * it would decide otherwise. Outcomes, catalog and results are those of `policy`, to the letter.
   * @defaultValue none
   */
  readonly trial?: TrialOptions | undefined
  /** Receives what the guard of this database tells. */
  readonly onGuardEvent?: GuardListener | undefined
  /** Ends the first look at the database. */
  readonly signal?: AbortSignal | undefined
  /**
   * A clock that only goes forward, in milliseconds; durations in events come from it.
   * @defaultValue `performance.now`
   */
  readonly now?: Now | undefined
}

/** A {@link Database} whose catalog can be read again. */
export interface RefreshableDatabase extends Database {
  /** Reads the catalog again and guards with it from then on; gives what the caller may see. */
  refreshCatalog(options?: { readonly signal?: AbortSignal | undefined }): Promise<Catalog>
  /** How its connections are used; absent for an engine without a pool. */
  pool(): PoolFigures | undefined
  posture(options?: { readonly signal?: AbortSignal | undefined }): Promise<Posture>
  /** Compares the policy with what the role of the database may read. */
  drift(options?: { readonly signal?: AbortSignal | undefined }): Promise<Drift>
}

const nameForm = /^[A-Za-z][\w-]{0,62}$/
const never = new AbortController().signal

/**
 * Puts a database behind its policy: reads what it contains, builds the guard, and from then on
 * is the one way through which anything is read.
 *
 * Every text passes the guard before it reaches the engine, and only the text that the guard gave
 * back is sent. An aborted call rejects with the caller's reason.
 *
 * @throws {@link OptionInvalidError} when the name or a cap cannot work, or a column whose values are
 *   wanted does not exist.
 * @throws what the engine throws when the database cannot be read; the engine is closed then.
 *
 * @example
 * ```ts
 * import { createDatabase } from '@t2t/database'
 * import { sqlite } from '@t2t/database/sqlite'
 * import { definePolicy } from '@t2t/sql-guard'
 *
 * const shop = await createDatabase({
 *   name: 'shop',
 *   engine: sqlite({ path: 'shop.db' }),
 *   policy: definePolicy({ name: 'analysts', columns: { block: ['customers.email'] } }),
 * })
 * const outcome = await shop.query('SELECT count(*) FROM orders')
 * ```
 */
export async function createDatabase(options: DatabaseOptions): Promise<RefreshableDatabase> {
  const {
    name,
    engine,
    policy,
    trial,
    onEvent,
    onGuardEvent,
    signal = never,
    now = monotonicNow,
  } = options
  if (!nameForm.test(name)) {
    throw new OptionInvalidError(
      'name must be a letter and then at most 62 letters, digits, underscores or hyphens.',
    )
  }
  const caps = capsOf(options.caps ?? {}, policy.limits.maxRows)
  const sampleValues = checkSampleValues(options.sampleValues ?? { columns: [] })
  if (options.catalogMaxAgeMs !== undefined) {
    checkAtLeast('catalogMaxAgeMs', options.catalogMaxAgeMs, 1)
  }
  const { dialect } = engine
  const cache = options.cache === undefined ? undefined : createResultCache(options.cache, now)
  let isClosed = false

  const tell = (event: DatabaseEvent): void => {
    try {
      onEvent?.(event)
    } catch {
      // A listener never changes an outcome.
    }
  }

  // What nobody hears need not be told.
  if (onEvent !== undefined && isPooled(engine)) {
    engine.onPoolChange((figures) =>
      tell({ type: 'pool-changed', database: name, dialect, ...figures }),
    )
  }

  /** What is in force decides; a policy on trial is only asked. */
  const checkOf = async (guard: SqlGuard, catalog: Catalog): Promise<SqlGuard['check']> => {
    if (trial === undefined) return (sql) => guard.check(sql)
    const tried = await createSqlGuard({
      dialect: await guardDialect(dialect),
      policy: withOneRowMore(trial.policy),
      catalog,
      attributes: trial.attributes ?? options.attributes,
    })
    return checkBeside(guard, tried, { onEvent: trial.onEvent, database: name })
  }

  const look = async (looking: AbortSignal, isFirst = false): Promise<Sight> => {
    const startedAt = now()
    const catalog = await engine.introspect(looking)
    if (isFirst) checkSampledColumns(catalog, sampleValues.columns)
    // Nobody's query: what the database itself asks the guard about its catalog.
    let isListening = false
    const guard = await createSqlGuard({
      dialect: await guardDialect(dialect),
      policy: withOneRowMore(policy),
      catalog,
      attributes: options.attributes,
      onEvent:
        onGuardEvent === undefined ? undefined : (event) => isListening && onGuardEvent(event),
    })
    const named = guard.visibleCatalog() ?? catalog
    const visible =
      sampleValues.columns.length === 0
        ? named
        : await withSampleValues(named, sampleValues, { guard, engine, caps, signal: looking })
    isListening = true
    const check = await checkOf(guard, catalog)
    const [tables, visibleTables] = [catalog.tables.length, visible.tables.length]
    const { version } = catalog
    const durationMs = now() - startedAt
    tell({
      type: 'catalog-refreshed',
      database: name,
      dialect,
      version,
      visibleTables,
      tables,
      durationMs,
    })
    return { guard, check, catalog, visible }
  }

  let first: Sight
  try {
    first = await look(signal, true)
  } catch (error) {
    await engine.close()
    throw error
  }
  const keeper = createKeeper(first, {
    look: () => look(never),
    maxAgeMs: options.catalogMaxAgeMs,
    now,
  })

  const decideAndRead = async (
    sql: string,
    wanted: QueryOptions,
    isPlan: boolean,
  ): Promise<QueryOutcome> => {
    if (isClosed) throw new DatabaseClosedError()
    wanted.signal?.throwIfAborted()
    const maxRows = tighten('maxRows', caps.maxRows, wanted.maxRows)
    const timeoutMs = tighten('timeoutMs', caps.timeoutMs, wanted.timeoutMs)
    const sight = keeper.current()
    const decided = sight.check(sql)
    if (decided.kind === 'refused') return { kind: 'refused', verdict: decided }
    const text = isPlan ? decided.explain : decided.sql
    if (text === undefined) return refusedPlan(sight.guard, sql)
    const verdict = { ...decided, maxRows: Math.min(decided.maxRows, maxRows) }
    const read = async (signal: AbortSignal): Promise<ReadResult> => {
      try {
        return await engine.read(text, { ...caps, maxRows, timeoutMs }, signal, decided)
      } catch (error) {
        if (!isClosed) keeper.doubt(error)
        throw withoutHiddenNames(error, sql, sight)
      }
    }
    if (cache === undefined || isPlan) {
      return { kind: 'rows', result: await read(wanted.signal ?? never), verdict }
    }
    const key = JSON.stringify([sight.catalog.version, maxRows, text])
    return {
      kind: 'rows',
      verdict,
      ...(await cache.get(key, timeoutMs, verdict, wanted.signal ?? never, read)),
    }
  }

  const answering = async (
    sql: string,
    wanted: QueryOptions,
    isPlan: boolean,
  ): Promise<QueryOutcome> => {
    const startedAt = now()
    const finished = (ending: Ending): void =>
      tell({
        type: 'query-finished',
        database: name,
        dialect,
        durationMs: now() - startedAt,
        ...ending,
      })
    try {
      const outcome = await decideAndRead(sql, wanted, isPlan)
      finished(endingOf(outcome))
      return outcome
    } catch (error) {
      finished(failureOf(error, wanted.signal))
      throw error
    }
  }

  return {
    name,
    dialect,
    policy,
    query: (sql, wanted = {}) => answering(sql, wanted, false),
    explain: (sql, wanted = {}) => answering(sql, wanted, true),
    async catalog(wanted = {}) {
      if (isClosed) throw new DatabaseClosedError()
      wanted.signal?.throwIfAborted()
      return keeper.current().visible
    },
    async refreshCatalog(wanted = {}) {
      if (isClosed) throw new DatabaseClosedError()
      return (await keeper.refresh(wanted.signal ?? never)).visible
    },
    pool: () => (isPooled(engine) ? engine.pool() : undefined),
    posture: (wanted = {}) => postureOf(engine, wanted.signal ?? never),
    drift(wanted = {}) {
      return driftOf(askingEngine(engine, wanted.signal ?? never), keeper.current().guard)
    },
    ping: (wanted = {}) => engine.ping(wanted.signal ?? never),
    async close() {
      if (isClosed) return
      isClosed = true
      await engine.close()
      tell({ type: 'database-closed', database: name, dialect })
    },
  }
}

/** The row that the reader never gives tells whether there were more. */
function withOneRowMore(policy: Policy): Policy {
  return { ...policy, limits: { ...policy.limits, maxRows: policy.limits.maxRows + 1 } }
}

/** What the guard says about a plan that the policy does not permit. */
function refusedPlan(guard: SqlGuard, sql: string): QueryOutcome {
  const verdict = guard.check(`EXPLAIN ${sql}`)
  if (verdict.kind === 'refused') return { kind: 'refused', verdict }
  throw new OptionInvalidError('The text asks for a plan already.')
}

interface Sight {
  readonly guard: SqlGuard
  /** Decides about the texts of callers: as the guard, and beside a policy on trial. */
  readonly check: SqlGuard['check']
  readonly catalog: Catalog
  readonly visible: Catalog
}
