import type { RateLimitStore } from '../rate-limit/rate-limit-store.ts'
import { senderOf, type RedisClient } from './redis-client.ts'
import { numbersOf, scriptOf } from './script.ts'

/** Options of the stores in Redis. */
export interface RedisStoreOptions {
  /**
   * A connected client of ioredis, iovalkey, redis or valkey-glide, or a function that sends a
   * command. The store never closes it.
   */
  readonly client: RedisClient
  /**
   * What all keys begin with.
   * @defaultValue `'t2t:'`
   */
  readonly prefix?: string | undefined
}

/**
 * The bucket of a key is one number: when it is full again, in microseconds of the server's clock.
 * Arguments: cost, units a second, burst, microseconds to wait at most, and 1 to take in any case.
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local cost = tonumber(ARGV[1])
local perUnit = 1000000 / tonumber(ARGV[2])
local burst = tonumber(ARGV[3])
local full = tonumber(redis.call('GET', KEYS[1]) or now)
if full < now then full = now end
local next = full + cost * perUnit
local wait = next - now - burst * perUnit
if wait < 1 then wait = 0 end
if ARGV[5] == '0' and (cost > burst or wait > tonumber(ARGV[4]) + 1) then
  local left = math.floor((burst * perUnit - full + now) / perUnit + 0.000001)
  return {0, math.max(0, left), 0, math.ceil(wait)}
end
if next > now then
  redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.ceil((next - now) / 1000) + 1)
else
  redis.call('DEL', KEYS[1])
end
local left = math.floor((burst * perUnit - next + now) / perUnit + 0.000001)
return {1, math.max(0, left), math.ceil(wait), 0}
`

/**
 * Creates a store that keeps the rate limits of several processes in Redis or Valkey: one script,
 * one round trip, the server's clock. A bucket that is full needs no memory there.
 *
 * @example
 * ```ts
 * import { createRateLimiter } from '@t2t/resilience'
 * import { createRedisRateLimitStore, type RedisClient } from '@t2t/resilience/redis'
 *
 * declare const client: RedisClient
 * const perTenant = createRateLimiter({
 *   ratePerSec: 5,
 *   burst: 20,
 *   store: createRedisRateLimitStore({ client }),
 *   whenStoreAway: 'local',
 * })
 * ```
 */
export function createRedisRateLimitStore(options: RedisStoreOptions): RateLimitStore {
  const { client, prefix = 't2t:' } = options
  const run = scriptOf(senderOf(client), takeScript)
  const keyOf = (key: string): string => `${prefix}rate:${key}`

  return {
    take: async (key, cost, { ratePerSec, burst, maxWaitMs = 0 }) => {
      const args = [cost, ratePerSec, burst, Math.round(maxWaitMs * 1_000), 0]
      const [allowed, remaining = 0, waitUs = 0, retryUs = 0] = numbersOf(
        await run(keyOf(key), args),
      )
      if (allowed === undefined) throw new Error('Redis gave an answer that is not a list.')
      const retryAfterMs = cost > burst ? Number.POSITIVE_INFINITY : retryUs / 1_000
      return { allowed: allowed === 1, remaining, waitMs: waitUs / 1_000, retryAfterMs }
    },
    adjust: async (key, cost, { ratePerSec, burst }) => {
      await run(keyOf(key), [cost, ratePerSec, burst, 0, 1])
    },
  }
}
