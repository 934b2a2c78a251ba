import { describe, expect, it } from 'vitest'
import { createMemoryShelf } from '../../server/shelf/memory-shelf.ts'
import { steadfastShelf } from '../../server/shelf/steadfast-shelf.ts'
import type { Shelf } from '../../server/shelf/shelf.ts'
import { shelfPromises } from './shelf-promises.ts'

describe('a shelf in memory', () => {
  it.for(shelfPromises)('$promise', async ({ check }) => {
    await expect(check(createMemoryShelf({ maxBytes: 100_000 }))).resolves.toBeUndefined()
  })

  it('forgets everything in time', async () => {
    let time = 0
    const shelf = createMemoryShelf({ maxBytes: 100_000, now: () => time })
    const place = { owner: 'ada', name: '1' }
    await shelf.put(place, { a: 'one' }, 10)
    time = 11
    expect(await shelf.get(place, ['a'])).toEqual([undefined])
    expect(await shelf.claim(place, { a: 'two' }, 10)).toBe(true)
  })
})

describe('a shelf whose store is away', () => {
  const away = (): Promise<never> => Promise.reject(new Error('The store is away.'))
  const none: Shelf = { put: away, claim: away, get: away, clear: away, clearAll: away }

  it('keeps what it is given in this process', async () => {
    const shelf = steadfastShelf(none, createMemoryShelf({ maxBytes: 100_000 }))
    const place = { owner: 'ada', name: '1' }
    expect(await shelf.put(place, { a: 'one' }, 60_000)).toBe(true)
    expect(await shelf.get(place, ['a'])).toEqual(['one'])
    await shelf.clear(place)
    expect(await shelf.get(place, ['a'])).toEqual([undefined])
  })

  it('does not say that everything of an owner is cleared', async () => {
    const shelf = steadfastShelf(none, createMemoryShelf({ maxBytes: 100_000 }))
    await expect(shelf.clearAll('ada')).rejects.toThrow('away')
  })
})
