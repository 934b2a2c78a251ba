import { memoryStore } from '@t2t/sessions'
import { sessionStoreContract } from '@t2t/sessions/testing'
import { describe, expect, it } from 'vitest'

describe('a memory store', () => {
  it.for(sessionStoreContract)('$promise', async ({ check }) => {
    await expect(check(async (options) => memoryStore(options))).resolves.toBeUndefined()
  })

  it('makes an unguessable id for each session', async () => {
    const store = memoryStore()

    const sessions = await Promise.all([
      store.sessions.create({ owner: 'ada' }),
      store.sessions.create({ owner: 'ada' }),
    ])

    const ids = new Set(sessions.map(({ id }) => id))
    expect(ids.size).toBe(2)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })
})
