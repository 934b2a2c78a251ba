import type { LeaseStore } from '../lease/lease-store.ts'
import type { RedisStoreOptions } from './rate-limit-store.ts'
import { senderOf } from './redis-client.ts'
import { scriptOf } from './script.ts'

/**
 * The leases of a key are a sorted set of ids by the time at which they end, in milliseconds of the
 * server's clock. Arguments: what to do, the id, the duration, the number of places.
 */
const leaseScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if ARGV[1] == 'release' then
  return redis.call('ZREM', KEYS[1], ARGV[2])
end
if ARGV[1] == 'renew' then
  if not redis.call('ZSCORE', KEYS[1], ARGV[2]) then return 0 end
elseif redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then
  return 0
end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
`

/** Creates a store that keeps the leases of several processes in Redis or Valkey. */
export function createRedisLeaseStore(options: RedisStoreOptions): LeaseStore {
  const { client, prefix = 't2t:' } = options
  const run = scriptOf(senderOf(client), leaseScript)
  const keyOf = (key: string): string => `${prefix}lease:${key}`

  return {
    acquire: async (key, id, max, leaseMs) =>
      Number(await run(keyOf(key), ['acquire', id, Math.ceil(leaseMs), max])) === 1,
    renew: async (key, id, leaseMs) =>
      Number(await run(keyOf(key), ['renew', id, Math.ceil(leaseMs)])) === 1,
    release: async (key, id) => {
      await run(keyOf(key), ['release', id])
    },
  }
}
