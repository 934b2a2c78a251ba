import { randomBytes, randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { Shelf } from '../../server/shelf/shelf.ts'

/** What every shelf promises; each with a shelf of 100,000 bytes, half of them for one owner. */
export const shelfPromises: readonly {
  readonly promise: string
  readonly check: (shelf: Shelf) => Promise<void>
}[] = [
  {
    promise: 'gives what was put in a place, by names, and nothing for other names',
    async check(shelf) {
      const place = { owner: 'ada', name: randomUUID() }
      expect(await shelf.put(place, { a: 'one', b: 'ü €' }, 60_000)).toBe(true)
      expect(await shelf.get(place, ['b', 'a', 'constructor'])).toEqual(['ü €', 'one', undefined])
    },
  },
  {
    promise: 'gives nothing to another owner, and nothing for another name',
    async check(shelf) {
      const place = { owner: 'ada', name: randomUUID() }
      await shelf.put(place, { a: 'one' }, 60_000)
      expect(await shelf.get({ ...place, owner: 'grace' }, ['a'])).toEqual([undefined])
      expect(await shelf.get({ ...place, name: 'other' }, ['a'])).toEqual([undefined])
    },
  },
  {
    promise: 'lets one claim a place, until it is cleared',
    async check(shelf) {
      const place = { owner: 'ada', name: randomUUID() }
      const claims = await Promise.all(
        ['a', 'b', 'c'].map((by) => shelf.claim(place, { by }, 60_000)),
      )
      expect(claims.filter(Boolean)).toHaveLength(1)
      await shelf.clear(place)
      expect(await shelf.get(place, ['by'])).toEqual([undefined])
      expect(await shelf.claim(place, { by: 'd' }, 60_000)).toBe(true)
    },
  },
  {
    promise: 'clears all places of one owner and none of another',
    async check(shelf) {
      const [ada, grace] = [`ada ${randomUUID()}`, `grace ${randomUUID()}`]
      await shelf.put({ owner: ada, name: '1' }, { a: 'one' }, 60_000)
      await shelf.put({ owner: ada, name: '2' }, { a: 'two' }, 60_000)
      await shelf.put({ owner: grace, name: '1' }, { a: 'one' }, 60_000)
      expect(await shelf.clearAll(ada)).toBe(2)
      expect(await shelf.get({ owner: ada, name: '1' }, ['a'])).toEqual([undefined])
      expect(await shelf.get({ owner: grace, name: '1' }, ['a'])).toEqual(['one'])
      expect(await shelf.clearAll(ada)).toBe(0)
    },
  },
  {
    promise: 'has no room for what is more than the share of an owner',
    async check(shelf) {
      const place = { owner: 'ada', name: randomUUID() }
      expect(await shelf.put(place, { a: noise(80_000) }, 60_000)).toBe(false)
      expect(await shelf.get(place, ['a'])).toEqual([undefined])
    },
  },
  {
    promise: 'makes room in the share of an owner by what they put there first',
    async check(shelf) {
      const owner = `ada ${randomUUID()}`
      const other = { owner: `grace ${randomUUID()}`, name: '1' }
      await shelf.put(other, { a: 'hers' }, 60_000)
      for (const name of ['1', '2', '3'])
        expect(await shelf.put({ owner, name }, { a: noise(22_000) }, 60_000)).toBe(true)
      const isThere = async (name: string): Promise<boolean> =>
        (await shelf.get({ owner, name }, ['a']))[0] !== undefined
      expect([await isThere('1'), await isThere('3')]).toEqual([false, true])
      expect(await shelf.get(other, ['a'])).toEqual(['hers'])
    },
  },
  {
    promise: 'makes room for everybody by what was put there first',
    async check(shelf) {
      const places = Array.from({ length: 12 }, () => ({ owner: randomUUID(), name: '1' }))
      for (const place of places)
        expect(await shelf.put(place, { a: noise(22_000) }, 60_000)).toBe(true)
      const there = await Promise.all(
        places.map(async (place) => (await shelf.get(place, ['a']))[0]),
      )
      expect([there.at(0) === undefined, there.at(-1) === undefined]).toEqual([true, false])
    },
  },
]

/** Text that cannot be made shorter by much. */
function noise(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length)
}
