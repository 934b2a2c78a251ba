import type { CircuitStore } from '../breaker/circuit-store.ts'
import type { RedisStoreOptions } from './rate-limit-store.ts'
import { senderOf } from './redis-client.ts'

/** Creates a store through which the breakers of several processes tell each other of openings. */
export function createRedisCircuitStore(options: RedisStoreOptions): CircuitStore {
  const { client, prefix = 't2t:' } = options
  const send = senderOf(client)
  const keyOf = (key: string): string => `${prefix}circuit:${key}`

  return {
    read: async (key) => Math.max(0, Number(await send(['PTTL', keyOf(key)]))),
    write: async (key, openForMs) => {
      const name = keyOf(key)
      if (openForMs > 0) await send(['SET', name, '1', 'PX', String(Math.ceil(openForMs))])
      else await send(['DEL', name])
    },
  }
}
