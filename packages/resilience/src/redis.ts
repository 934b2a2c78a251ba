export { createRedisCircuitStore } from './redis/circuit-store.ts'
export { createRedisLeaseStore } from './redis/lease-store.ts'
export { createRedisRateLimitStore, type RedisStoreOptions } from './redis/rate-limit-store.ts'
export type { RedisClient, SendCommand } from './redis/redis-client.ts'
