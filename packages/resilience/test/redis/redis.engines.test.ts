import { randomUUID } from 'node:crypto'
import { GlideClient } from '@valkey/valkey-glide'
import { Redis } from 'ioredis'
import { Redis as Valkey } from 'iovalkey'
import { createClient } from 'redis'
import {
  createRateLimiter,
  type CircuitStore,
  type LeaseStore,
  type RateLimitStore,
} from '@t2t/resilience'
import {
  createRedisCircuitStore,
  createRedisLeaseStore,
  createRedisRateLimitStore,
  type RedisClient,
} from '@t2t/resilience/redis'
import { rateLimitStoreContract } from '@t2t/resilience/testing'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

const host = '127.0.0.1'
const port = 6379
const prefix = `t2t-resilience-test:${randomUUID()}:`

interface Connected {
  readonly client: RedisClient
  readonly close: () => unknown
}

const clients: Readonly<Record<string, () => Promise<Connected>>> = {
  'ioredis 6': async () => {
    const client = new Redis({ host, port })
    return { client, close: () => client.quit() }
  },
  'redis 6': async () => {
    const client = createClient({ socket: { host, port } })
    await client.connect()
    return { client, close: () => client.close() }
  },
  iovalkey: async () => {
    const client = new Valkey({ host, port })
    return { client, close: () => client.quit() }
  },
  'valkey-glide 2': async () => {
    const client = await GlideClient.createClient({ addresses: [{ host, port }] })
    return { client, close: () => client.close() }
  },
}

const pass = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

describe.for(Object.entries(clients))('the Redis stores through %s', ([, connect]) => {
  const isReachable = inject('reachable').redis
  let connected: Connected | undefined
  let limits: RateLimitStore
  let leases: LeaseStore
  let circuits: CircuitStore

  beforeAll(async () => {
    if (!isReachable) return
    connected = await connect()
    const options = { client: connected.client, prefix }
    limits = createRedisRateLimitStore(options)
    leases = createRedisLeaseStore(options)
    circuits = createRedisCircuitStore(options)
  })
  afterAll(async () => {
    await connected?.close()
  })

  it.skipIf(!isReachable).for(rateLimitStoreContract)(
    'keep limits: $promise',
    async ({ check }) => {
      await expect(check({ store: limits, key: randomUUID(), pass })).resolves.toBeUndefined()
    },
  )

  it.skipIf(!isReachable)('keep limits when the server forgets its scripts', async () => {
    const key = randomUUID()
    const limit = { ratePerSec: 1, burst: 2 }
    await limits.take(key, 1, limit)
    const unknownScript = createRedisRateLimitStore({
      client: await flushedScripts(connected),
      prefix,
    })

    expect(await unknownScript.take(key, 1, limit)).toMatchObject({ allowed: true, remaining: 0 })
  })

  it.skipIf(!isReachable)('keep leases until they are given back or end', async () => {
    const key = randomUUID()

    const acquired = [
      await leases.acquire(key, 'one', 2, 60_000),
      await leases.acquire(key, 'two', 2, 40),
      await leases.acquire(key, 'three', 2, 60_000),
    ]
    await pass(60)
    const afterEnd = [
      await leases.renew(key, 'one', 60_000),
      await leases.renew(key, 'two', 60_000),
      await leases.acquire(key, 'three', 2, 60_000),
    ]
    await leases.release(key, 'one')
    const afterRelease = await leases.acquire(key, 'four', 2, 60_000)
    await leases.release(key, 'three')
    await leases.release(key, 'four')

    expect(acquired).toEqual([true, true, false])
    expect(afterEnd).toEqual([true, false, true])
    expect(afterRelease).toBe(true)
  })

  it.skipIf(!isReachable)('share the state of circuits', async () => {
    const key = randomUUID()

    const before = await circuits.read(key)
    await circuits.write(key, 5_000)
    const open = await circuits.read(key)
    await circuits.write(key, 0)

    expect(before).toBe(0)
    expect(open).toBeGreaterThan(4_000)
    expect(open).toBeLessThanOrEqual(5_000)
    expect(await circuits.read(key)).toBe(0)
  })

  it.skipIf(!isReachable)('serve a limiter that 50 callers use at the same time', async () => {
    const limiter = createRateLimiter({ ratePerSec: 0.001, burst: 30, store: limits })
    const key = randomUUID()

    const takes = await Promise.all(Array.from({ length: 50 }, async () => limiter.take(key)))

    expect(takes.filter(({ allowed }) => allowed)).toHaveLength(30)
  })
})

/** A client of a server that answers the first EVALSHA as if it had been restarted. */
async function flushedScripts(connected: Connected | undefined): Promise<RedisClient> {
  if (connected === undefined) throw new Error('There is no connection.')
  const { client } = connected
  const send = async (words: string[]): Promise<unknown> => {
    if (typeof client === 'function') return client(words)
    if ('call' in client) return client.call(words[0] ?? '', words.slice(1))
    if ('customCommand' in client) return client.customCommand(words)
    return client.sendCommand(words)
  }
  return (words) =>
    // A hash that no server knows: the real client then reports the real error.
    words[0] === 'EVALSHA' ? send(['EVALSHA', '0'.repeat(40), ...words.slice(2)]) : send(words)
}
