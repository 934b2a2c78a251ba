import { createMemoryLeaseStore, createMemoryRateLimitStore } from '@t2t/resilience'
import {
  createRedisCircuitStore,
  createRedisLeaseStore,
  createRedisRateLimitStore,
  type RedisStoreOptions,
} from '@t2t/resilience/redis'
import { Redis } from 'ioredis'
import type { ServerConfig } from '../config/schema.ts'
import { createMemoryShelf } from '../shelf/memory-shelf.ts'
import { createRedisShelf } from '../shelf/redis-shelf.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { steadfastShelf } from '../shelf/steadfast-shelf.ts'

/** What several processes know together; without Redis, each process knows it alone. */
export interface Shared {
  readonly rateLimits: ReturnType<typeof createRedisRateLimitStore>
  readonly circuits?: ReturnType<typeof createRedisCircuitStore> | undefined
  readonly leases: ReturnType<typeof createRedisLeaseStore>
  readonly shelf: Shelf
  close(): void
}

/** What a process keeps by itself. */
const ownBytes = 67_108_864
const prefix = 'talk-to-tables:'

/** Connects to Redis, if there is an address. Nothing waits for it. */
export function openShared(config: ServerConfig['redis']): Shared {
  const own = createMemoryShelf({ maxBytes: ownBytes })
  if (config === undefined) {
    // Outlives the limits of a configuration: a reload gives nobody back what they used up.
    const [rateLimits, leases] = [createMemoryRateLimitStore(), createMemoryLeaseStore()]
    return { rateLimits, leases, shelf: own, close: () => undefined }
  }
  const client = new Redis(config.url, {
    maxRetriesPerRequest: 1,
    commandTimeout: 1_000,
    connectTimeout: 2_000,
  })
  // Each process goes on alone while Redis is away; ioredis connects again by itself.
  client.on('error', () => undefined)
  const options: RedisStoreOptions = { client, prefix }
  return {
    rateLimits: createRedisRateLimitStore(options),
    circuits: createRedisCircuitStore(options),
    leases: createRedisLeaseStore(options),
    shelf: steadfastShelf(createRedisShelf({ client, prefix, maxBytes: config.max_bytes }), own),
    close: () => client.disconnect(),
  }
}
