import { Buffer } from 'node:buffer'
import type { AllowedVerdict } from '@t2t/sql-guard'
import { checkAtLeast } from '../errors/check.ts'
import type { Now } from '../read/deadline.ts'
import type { ReadResult } from '../read/read.ts'

/** How long results are kept. */
export interface ResultCacheOptions {
  /** How long a result may be given again, in milliseconds; 0 keeps nothing but what `ttlMsByTable` names. */
  readonly ttlMs: number
  /**
   * Other times for results that read a table, by `table` or `schema.table`; the shortest one wins.
   * @defaultValue none
   */
  readonly ttlMsByTable?: Readonly<Record<string, number>> | undefined
  /**
   * Bytes of the JSON form of all results that are kept; the oldest go first.
   * @defaultValue 16 MiB
   */
  readonly maxBytes?: number | undefined
}

/** A result and how old it is. */
export interface CachedResult {
  readonly result: ReadResult
  /** Absent for a result that was read for this call. */
  readonly ageMs?: number | undefined
}

/** Results of one database, which means of one policy and one set of attributes. */
export interface ResultCache {
  /** Gives what is kept, joins a reading that runs already, or reads. */
  get(
    key: string,
    timeoutMs: number,
    verdict: AllowedVerdict,
    signal: AbortSignal,
    read: (signal: AbortSignal) => Promise<ReadResult>,
  ): Promise<CachedResult>
}

interface Kept {
  readonly result: ReadResult
  readonly readAt: number
  readonly bytes: number
}

interface Running {
  readonly reading: Promise<ReadResult>
  readonly controller: AbortController
  callers: number
}

/** Creates an empty cache. @throws {@link OptionInvalidError} when an option cannot work. */
export function createResultCache(options: ResultCacheOptions, now: Now): ResultCache {
  const { ttlMs, ttlMsByTable = {}, maxBytes = 16_777_216 } = options
  checkAtLeast('cache.ttlMs', ttlMs, 0)
  checkAtLeast('cache.maxBytes', maxBytes, 1)
  for (const [table, ttl] of Object.entries(ttlMsByTable)) {
    checkAtLeast(`cache.ttlMsByTable.${table}`, ttl, 0)
  }
  const kept = new Map<string, Kept>()
  const running = new Map<string, Running>()
  let bytes = 0

  const ttlOf = ({ reads }: AllowedVerdict): number =>
    Math.min(
      ...reads.map(
        ({ schema, table }) => ttlMsByTable[`${schema}.${table}`] ?? ttlMsByTable[table] ?? ttlMs,
      ),
      // A text without a table, such as SELECT random(), says nothing about what it depends on.
      reads.length === 0 ? 0 : Number.POSITIVE_INFINITY,
    )

  const forget = (key: string): void => {
    bytes -= kept.get(key)?.bytes ?? 0
    kept.delete(key)
  }
  const keep = (key: string, result: ReadResult): void => {
    const size = Buffer.byteLength(JSON.stringify(result.rows))
    if (size > maxBytes) return
    forget(key)
    kept.set(key, { result, readAt: now(), bytes: size })
    bytes += size
    for (const oldest of kept.keys()) {
      if (bytes <= maxBytes) return
      forget(oldest)
    }
  }

  const start = (
    key: string,
    flight: string,
    read: (signal: AbortSignal) => Promise<ReadResult>,
  ): Running => {
    const controller = new AbortController()
    const reading = read(controller.signal)
      .then((result) => {
        keep(key, result)
        return result
      })
      .finally(() => running.delete(flight))
    // Callers that left hear of no failure.
    reading.catch(() => {})
    const entry: Running = { reading, controller, callers: 0 }
    running.set(flight, entry)
    return entry
  }

  /** A reading ends early only when every caller has left. */
  const join = async (entry: Running, signal: AbortSignal): Promise<ReadResult> => {
    const left = Promise.withResolvers<never>()
    const leave = (): void => {
      entry.callers -= 1
      if (entry.callers === 0) entry.controller.abort(signal.reason)
      left.reject(signal.reason)
    }
    entry.callers += 1
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([entry.reading, left.promise])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  return {
    async get(key, timeoutMs, verdict, signal, read) {
      const ttl = ttlOf(verdict)
      if (ttl === 0) return { result: await read(signal) }
      const found = kept.get(key)
      const ageMs = found === undefined ? Number.POSITIVE_INFINITY : now() - found.readAt
      if (found !== undefined && ageMs <= ttl) return { result: found.result, ageMs }
      forget(key)
      // Nobody waits longer for another's reading than for one of their own.
      const flight = `${timeoutMs} ${key}`
      const joined = running.get(flight)
      const entry =
        joined === undefined || joined.controller.signal.aborted ? start(key, flight, read) : joined
      return { result: await join(entry, signal) }
    },
  }
}
