import assert from 'node:assert/strict'
import { type FixturePromise, rejects, toolUse } from './fixture.ts'

/** What a store promises about sessions and about who sees them. */
export const sessionPromises: readonly FixturePromise[] = [
  {
    promise: 'gives a session back as it was created, with UTC times',
    async check({ store }) {
      const created = await store.sessions.create({ owner: 'ada', title: 'Sales' })
      assert.deepEqual(created, {
        id: 'session-0001',
        owner: 'ada',
        title: 'Sales',
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:00.000Z',
      })
      assert.deepEqual(await store.sessions.get({ owner: 'ada', id: created.id }), created)
    },
  },
  {
    promise: 'knows no session that was not created',
    async check({ store }) {
      assert.equal(await store.sessions.get({ owner: 'ada', id: 'nothing' }), undefined)
      assert.equal(await store.sessions.delete({ owner: 'ada', id: 'nothing' }), false)
      await rejects(store.messages.list({ owner: 'ada', id: 'nothing' }), 'SESSIONS_NOT_FOUND')
    },
  },
  {
    promise: 'shows and changes nothing of another person',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      await store.messages.append({ owner: 'ada', id }, { role: 'user', content: 'secret' })
      const stranger = { owner: 'eve', id }
      assert.equal(await store.sessions.get(stranger), undefined)
      assert.deepEqual((await store.sessions.list({ owner: 'eve' })).items, [])
      assert.equal(await store.sessions.delete(stranger), false)
      const message = { role: 'user', content: 'hello' } as const
      for (const call of [
        () => store.sessions.statistics(stranger),
        () => store.messages.list(stranger),
        () => store.messages.append(stranger, message),
        () => store.messages.clear(stranger),
        () => store.toolExecutions.list(stranger),
        () => store.toolExecutions.append(stranger, toolUse()),
      ]) {
        await rejects(call(), 'SESSIONS_NOT_FOUND')
      }
      assert.equal((await store.messages.list({ owner: 'ada', id })).length, 1)
    },
  },
  {
    promise: 'does not mistake owners that differ in case, accents or wildcards',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'Ada' })
      for (const owner of ['ada', 'ADA', 'Áda', 'Ad\u0061\u0301', 'Ad_', 'Ada%']) {
        assert.equal(await store.sessions.get({ owner, id }), undefined)
      }
    },
  },
  {
    promise: 'lists the sessions of a person, the one that changed last first, in pages',
    async check({ store, clock }) {
      const ids: string[] = []
      for (let index = 0; index < 5; index++) {
        ids.push((await store.sessions.create({ owner: 'ada' })).id)
        if (index !== 2) clock.advance(1_000)
      }
      await store.sessions.create({ owner: 'eve' })
      const [first = ''] = ids
      await store.messages.append({ owner: 'ada', id: first }, { role: 'user', content: 'again' })
      const expected = [first, ...ids.slice(1).toReversed()]

      const found: string[] = []
      let after: string | undefined
      do {
        const page = await store.sessions.list({ owner: 'ada', limit: 2, after })
        assert.ok(page.items.length >= 1 && page.items.length <= 2)
        found.push(...page.items.map(({ id }) => id))
        after = page.next
      } while (after !== undefined)
      assert.deepEqual(found, expected)
    },
  },
  {
    promise: 'deletes a session with all that is in it',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      await store.messages.append(key, { role: 'user', content: 'gone' })
      assert.equal(await store.sessions.delete(key), true)
      assert.equal(await store.sessions.get(key), undefined)
      await rejects(store.messages.list(key), 'SESSIONS_NOT_FOUND')
      await rejects(store.toolExecutions.append(key, toolUse()), 'SESSIONS_NOT_FOUND')
    },
  },
  {
    promise: 'deletes all that is kept of a person, and of nobody else',
    async check({ store }) {
      for (const owner of ['ada', 'ada', 'eve']) await store.sessions.create({ owner })
      assert.equal(await store.upkeep.deleteOwner('ada'), 2)
      assert.equal(await store.upkeep.deleteOwner('ada'), 0)
      assert.deepEqual((await store.sessions.list({ owner: 'ada' })).items, [])
      assert.equal((await store.sessions.list({ owner: 'eve' })).items.length, 1)
    },
  },
  {
    promise: 'counts and deletes sessions by when they last changed',
    async check({ store, clock }) {
      const old = await store.sessions.create({ owner: 'ada' })
      const kept = await store.sessions.create({ owner: 'ada' })
      clock.advance(60_000)
      await store.messages.append({ owner: 'ada', id: kept.id }, { role: 'user', content: 'hi' })
      const since = new Date(clock.now() - 1)
      assert.equal(await store.upkeep.countActive(since), 1)
      assert.equal(await store.upkeep.deleteInactive(since), 1)
      assert.equal(await store.sessions.get({ owner: 'ada', id: old.id }), undefined)
      assert.ok(await store.sessions.get({ owner: 'ada', id: kept.id }))
    },
  },
  {
    promise: 'takes no session for older because the clock was set back',
    async check({ store, clock }) {
      const before = new Date(clock.now())
      const { id } = await store.sessions.create({ owner: 'ada' })
      clock.advance(-86_400_000)
      const said = await store.messages.append({ owner: 'ada', id }, { role: 'user', content: '1' })

      assert.equal(said.createdAt, before.toISOString())
      assert.equal(await store.upkeep.countActive(before), 1)
      assert.equal(await store.upkeep.deleteInactive(before), 0)
      const found = await store.sessions.get({ owner: 'ada', id })
      assert.equal(found?.updatedAt, before.toISOString())
    },
  },
  {
    promise: 'can be closed twice, and does nothing after that',
    async check({ store }) {
      await store.close()
      await store.close()
      await rejects(store.sessions.create({ owner: 'ada' }), 'SESSIONS_STORE_CLOSED')
      await rejects(store.upkeep.countActive(new Date(0)), 'SESSIONS_STORE_CLOSED')
    },
  },
]
