import { mysql } from '@t2t/database/mysql'
import { postgres, type PooledEngine } from '@t2t/database/postgres'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { startCountingProxy, type CountingProxy } from './counting-proxy.ts'
import { mysqlUrl } from './mysql-server.ts'
import { atRest } from './server-behaviour.ts'

const calm = new AbortController().signal
const caps = { maxRows: 1_000, maxBytes: 1_000_000, timeoutMs: 60_000 }
const text = "SELECT 1 AS one, 'two' AS two"

async function withProxy(target: number, body: (proxy: CountingProxy) => Promise<void>) {
  const proxy = await startCountingProxy(target)
  try {
    await body(proxy)
  } finally {
    await proxy.close()
  }
}

/** Round trips until a call is answered; the connection exists, and the types were seen before. */
async function tripsOf(proxy: CountingProxy, call: () => Promise<unknown>): Promise<number> {
  const before = proxy.trips()
  await call()
  return proxy.trips() - before
}

async function tripsOfEngine(proxy: CountingProxy, engine: PooledEngine): Promise<number[]> {
  const read = (): Promise<unknown> => engine.read(text, caps, calm)
  await read()
  const counts: number[] = []
  for (let round = 0; round < 5; round++) {
    await atRest(engine)
    counts.push(await tripsOf(proxy, read))
  }
  await engine.close()
  return counts
}

describe.skipIf(!inject('reachable').postgres)('a reading of PostgreSQL', () => {
  it('takes one round trip more than a text through the bare driver', async () => {
    await withProxy(5_432, async (proxy) => {
      const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`
      const client = new pg.Client(url)
      await client.connect()
      const bare = await tripsOf(proxy, () => client.query(text))
      await client.end()

      const ours = await tripsOfEngine(proxy, postgres({ url, maxConnections: 1 }))

      expect([bare, ours]).toEqual([1, [2, 2, 2, 2, 2]])
    })
  })
})

describe.skipIf(!inject('reachable').mariadb)('a reading of MySQL', () => {
  it('takes one round trip more than a text through the bare driver', async () => {
    await withProxy(3_306, async (proxy) => {
      const url = mysqlUrl('mysql').replace(':3306', `:${proxy.port}`)
      const client = await createConnection(url)
      const bare = await tripsOf(proxy, () => client.query(text))
      await client.end()

      const ours = await tripsOfEngine(proxy, mysql({ url, maxConnections: 1 }))

      expect([bare, ours]).toEqual([1, [2, 2, 2, 2, 2]])
    })
  })
})
