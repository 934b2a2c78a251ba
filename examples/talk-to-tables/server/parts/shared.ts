import {
  createRedisCircuitStore,
  createRedisRateLimitStore,
  type RedisStoreOptions,
} from '@t2t/resilience/redis'
import { Redis } from 'ioredis'

/** What several processes know together; without Redis, each process knows it alone. */
export interface Shared {
  readonly rateLimits?: ReturnType<typeof createRedisRateLimitStore> | undefined
  readonly circuits?: ReturnType<typeof createRedisCircuitStore> | undefined
  close(): void
}

/** Connects to Redis, if there is an address. Nothing waits for it. */
export function openShared(url: string | undefined): Shared {
  if (url === undefined) return { close: () => undefined }
  const client = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: 1_000,
    connectTimeout: 2_000,
  })
  // Each process goes on alone while Redis is away; ioredis connects again by itself.
  client.on('error', () => undefined)
  const options: RedisStoreOptions = { client, prefix: 'talk-to-tables:' }
  return {
    rateLimits: createRedisRateLimitStore(options),
    circuits: createRedisCircuitStore(options),
    close: () => client.disconnect(),
  }
}
