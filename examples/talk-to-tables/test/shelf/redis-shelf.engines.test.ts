import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRedisShelf } from '../../server/shelf/redis-shelf.ts'
import type { Shelf } from '../../server/shelf/shelf.ts'
import { shelfPromises } from './shelf-promises.ts'

let client: Redis
const prefixes: string[] = []
beforeAll(() => {
  client = new Redis('redis://127.0.0.1:6379')
})
afterAll(async () => {
  for (const prefix of prefixes) {
    const keys = await client.keys(`${prefix}*`)
    if (keys.length > 0) await client.del(...keys)
  }
  await client.quit()
})

function open(): { readonly shelf: Shelf; readonly prefix: string } {
  const prefix = `test-${randomUUID()}:`
  prefixes.push(prefix)
  return { prefix, shelf: createRedisShelf({ client, prefix, maxBytes: 100_000 }) }
}

describe('a shelf in Redis', () => {
  it.for(shelfPromises)('$promise', async ({ check }) => {
    await expect(check(open().shelf)).resolves.toBeUndefined()
  })

  it('shows what is kept to nobody who reads Redis', async () => {
    const { shelf, prefix } = open()
    await shelf.put({ owner: 'ada-owner', name: 'secret-name' }, { a: 'secret-cell' }, 60_000)
    const keys = await client.keys(`${prefix}*`)
    const dump = await Promise.all(keys.map((key) => client.dumpBuffer(key)))
    const all = keys.join() + dump.map((bytes) => bytes.toString('latin1')).join()
    expect(all).not.toMatch(/secret|ada-owner/)
  })

  it('gives nothing that was changed there, and nothing that was moved', async () => {
    const { shelf, prefix } = open()
    const [one, other] = [
      { owner: 'ada', name: '1' },
      { owner: 'ada', name: '2' },
    ]
    await shelf.put(one, { a: 'first', b: 'second' }, 60_000)
    await shelf.put(other, { a: 'third' }, 60_000)
    const keys = await client.keys(`${prefix}*`)
    const hashes = []
    for (const key of keys) {
      const isPlace = (await client.type(key)) === 'hash' && (await client.hexists(key, 'a')) === 1
      if (isPlace) hashes.push(key)
    }
    const [from = '', to = ''] = hashes
    const moved = await client.hgetBuffer(from, 'a')
    await client.hset(to, 'a', moved ?? '')
    const after = await Promise.all([shelf.get(one, ['a']), shelf.get(other, ['a'])])
    expect(after.flat().filter((text) => text !== undefined)).toHaveLength(1)
    for (const key of hashes) await client.hset(key, 'a', 'short')
    expect(await shelf.get(one, ['a'])).toEqual([undefined])
  })

  it('leaves nothing behind when its time is over', async () => {
    const { shelf, prefix } = open()
    await shelf.put({ owner: 'ada', name: '1' }, { a: 'one' }, 50)
    await expect.poll(() => client.keys(`${prefix}*`), { timeout: 20_000 }).toEqual([])
  })

  it('takes room again that Redis itself has freed', async () => {
    const { shelf, prefix } = open()
    await shelf.put({ owner: 'ada', name: '1' }, { a: 'one' }, 60_000)
    await client.del(`${prefix}{kept}:sizes`)
    for (let at = 0; at < 5; at++) {
      const owner = String(at)
      expect(await shelf.put({ owner, name: '1' }, { a: 'x' }, 60_000)).toBe(true)
    }
  })
})
