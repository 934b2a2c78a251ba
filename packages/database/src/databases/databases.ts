import type { DialectName } from '@t2t/sql-guard'
import type { PoolFigures } from '../engine/pool.ts'
import { DatabaseClosedError, isDatabaseError, OptionInvalidError } from '../errors/errors.ts'
import {
  createDatabase,
  type DatabaseOptions,
  type RefreshableDatabase,
} from './create-database.ts'
import { routeTo, type Routing } from './route.ts'

/** Several databases by name. Iterating gives those that are there, in the order of adding. */
export interface Databases extends Iterable<RefreshableDatabase> {
  get(name: string): RefreshableDatabase | undefined
  /**
   * Opens one more.
   *
   * @throws {@link OptionInvalidError} when the name is taken, or an option cannot work.
   */
  add(options: DatabaseOptions): Promise<RefreshableDatabase>
  /** Closes one and forgets it; `false` says that there was none of this name. */
  remove(name: string): Promise<boolean>
  /** Finds the database that a question means by the words that the visible catalogs know. */
  route(question: string): Promise<Routing>
  /** Asks each whether it answers; never rejects. */
  health(options?: { readonly timeoutMs?: number | undefined }): Promise<readonly DatabaseHealth[]>
  /** Closes all of them. */
  close(): Promise<void>
}

/** How one database is. */
export interface DatabaseHealth {
  readonly name: string
  readonly dialect: DialectName
  readonly isHealthy: boolean
  /** Why it is not: the code of an error; absent where it is healthy. */
  readonly code?: string | undefined
  /** Time until it answered, or until it was clear that it does not, in milliseconds. */
  readonly durationMs: number
  /** Absent for engines without a pool. */
  readonly pool?: PoolFigures | undefined
}

/**
 * Opens several databases, each with its own policy, guard and pool.
 *
 * @throws what the first one that fails throws; the others are closed then.
 *
 * @example
 * ```ts
 * import { createDatabases } from '@t2t/database'
 * import { sqlite } from '@t2t/database/sqlite'
 * import { definePolicy } from '@t2t/sql-guard'
 *
 * const databases = await createDatabases([
 *   { name: 'shop', engine: sqlite({ path: 'shop.db' }), policy: definePolicy() },
 *   { name: 'staff', engine: sqlite({ path: 'staff.db' }), policy: definePolicy() },
 * ])
 * const routing = await databases.route('Which orders are late?')
 * if (routing.kind === 'one') console.log(routing.database.name, routing.database.words)
 * ```
 */
export async function createDatabases(
  initial: readonly DatabaseOptions[] = [],
): Promise<Databases> {
  const open = new Map<string, RefreshableDatabase>()
  const opening = new Set<string>()
  let isClosed = false

  const databases: Databases = {
    [Symbol.iterator]: () => open.values(),
    get: (name) => open.get(name),
    async add(options) {
      const { name } = options
      if (isClosed) throw new DatabaseClosedError()
      if (open.has(name) || opening.has(name)) {
        throw new OptionInvalidError(`There is a database ${name} already.`)
      }
      opening.add(name)
      try {
        const database = await createDatabase(options)
        if (isClosed) {
          await database.close()
          throw new DatabaseClosedError()
        }
        open.set(name, database)
        return database
      } finally {
        opening.delete(name)
      }
    },
    async remove(name) {
      const database = open.get(name)
      open.delete(name)
      await database?.close()
      return database !== undefined
    },
    async route(question) {
      const catalogs = [...open.values()].map(async (database) => ({
        name: database.name,
        catalog: await database.catalog(),
      }))
      return routeTo(question, await Promise.all(catalogs))
    },
    health: ({ timeoutMs = 2_000 } = {}) =>
      Promise.all([...open.values()].map((database) => healthOf(database, timeoutMs))),
    async close() {
      isClosed = true
      const all = [...open.values()]
      open.clear()
      await Promise.all(all.map((database) => database.close()))
    },
  }

  const added = await Promise.allSettled(initial.map((options) => databases.add(options)))
  const failed = added.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') {
    await databases.close()
    throw failed.reason
  }
  // They were opened at the same time; what is iterated has the order that was given.
  for (const result of added) {
    if (result.status !== 'fulfilled') continue
    open.delete(result.value.name)
    open.set(result.value.name, result.value)
  }
  return databases
}

async function healthOf(database: RefreshableDatabase, timeoutMs: number): Promise<DatabaseHealth> {
  const { name, dialect } = database
  const startedAt = performance.now()
  const code = await database.ping({ signal: AbortSignal.timeout(timeoutMs) }).then(
    () => undefined,
    (error: unknown) => (isDatabaseError(error) ? error.code : 'DATABASE_QUERY_TIMED_OUT'),
  )
  return {
    name,
    dialect,
    isHealthy: code === undefined,
    ...(code === undefined ? {} : { code }),
    durationMs: performance.now() - startedAt,
    pool: database.pool(),
  }
}
