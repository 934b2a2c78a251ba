/** How long what servers answered is kept. */
export interface CacheOptions {
  /**
   * How long an answer holds when its server does not say, in milliseconds. 0 keeps nothing. An
   * integer from 0 to 3600000.
   * @defaultValue 300000
   */
  readonly ttlMs?: number | undefined
  /**
   * How long after its time an answer may stand in for one that failed, in milliseconds. What is
   * given then is marked as stale, and the failure is named all the same. An integer from 0 to
   * 86400000.
   * @defaultValue 0, which means never
   */
  readonly staleIfErrorMs?: number | undefined
  /**
   * Answers that are kept, of all servers together; the server with the most of them makes room,
   * with those that were unused for longest. An integer from 1 to 1000000.
   * @defaultValue 1000
   */
  readonly maxEntries?: number | undefined
  /**
   * Size of what is kept, of all servers together, in bytes. An integer from 1 to 1073741824.
   * @defaultValue 67108864
   */
  readonly maxBytes?: number | undefined
}

/**
 * What a call does with the cache: `use` it, `refresh` it by asking the server, or `bypass` it,
 * which neither reads nor fills it.
 */
export type CacheMode = 'use' | 'refresh' | 'bypass'

/** What the cache did for one server. */
export interface CacheStatistics {
  readonly hits: number
  readonly misses: number
  /** Failed requests for which an old answer stood in. */
  readonly stale: number
  readonly entries: number
  readonly bytes: number
}

/** The longest that a server's word for how long an answer holds is believed, in milliseconds. */
export const longestTtlMs = 3_600_000
