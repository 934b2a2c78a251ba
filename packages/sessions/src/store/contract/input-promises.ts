import assert from 'node:assert/strict'
import { type FixturePromise, rejects, toolUse } from './fixture.ts'

const badNames = ['', ' ', ' a', 'a ', 'a\n', 'x'.repeat(201), 'a\0b', '\uD800']
const invalid = 'SESSIONS_INPUT_INVALID'

/** What a store promises about input that cannot be. */
export const inputPromises: readonly FixturePromise[] = [
  {
    promise: 'refuses owners and ids that it could not keep, and names the field',
    async check({ store }) {
      for (const bad of badNames) {
        await rejects(store.sessions.create({ owner: bad }), invalid, 'owner')
        await rejects(store.sessions.get({ owner: bad, id: 'a' }), invalid, 'owner')
        await rejects(store.sessions.get({ owner: 'a', id: bad }), invalid, 'id')
        await rejects(store.sessions.list({ owner: bad }), invalid, 'owner')
        await rejects(store.upkeep.deleteOwner(bad), invalid, 'owner')
      }
    },
  },
  {
    promise: 'refuses titles and messages that are too long, and roles that do not exist',
    async check({ store }) {
      const key = { owner: 'ada', id: (await store.sessions.create({ owner: 'ada' })).id }
      const title = 'x'.repeat(201)
      await rejects(store.sessions.create({ owner: 'ada', title }), invalid, 'title')
      const content = 'x'.repeat(1_000_001)
      await rejects(store.messages.append(key, { role: 'user', content }), invalid, 'content')
      const unknown = JSON.parse('{"role":"robot","content":""}')
      await rejects(store.messages.append(key, unknown), invalid, 'role')
      assert.deepEqual(await store.messages.list(key), [])
    },
  },
  {
    promise: 'refuses tool executions that cannot be',
    async check({ store }) {
      const key = { owner: 'ada', id: (await store.sessions.create({ owner: 'ada' })).id }
      const circular: Record<string, unknown> = {}
      circular['self'] = circular
      for (const [field, change] of [
        ['tool', { tool: '' }],
        ['durationMs', { durationMs: -1 }],
        ['durationMs', { durationMs: Number.NaN }],
        ['arguments', { arguments: circular }],
        ['arguments', { arguments: { big: 1n } }],
        ['arguments', { arguments: { long: 'x'.repeat(1_000_000) } }],
        ['arguments', { arguments: JSON.parse('[1]') }],
      ] as const) {
        await rejects(store.toolExecutions.append(key, toolUse(change)), invalid, field)
      }
      assert.deepEqual(await store.toolExecutions.list(key), [])
    },
  },
  {
    promise: 'refuses pages that cannot be',
    async check({ store }) {
      const key = { owner: 'ada', id: (await store.sessions.create({ owner: 'ada' })).id }
      for (const limit of [0, 501, 1.5, Number.NaN]) {
        await rejects(store.sessions.list({ owner: 'ada', limit }), invalid, 'limit')
        await rejects(store.messages.list(key, { limit }), invalid, 'limit')
      }
      await rejects(store.messages.list(key, { before: 0 }), invalid, 'before')
      for (const after of ['', 'x', '0.', 'zzzzzzzzzz.a', '0.%']) {
        await rejects(store.sessions.list({ owner: 'ada', after }), invalid, 'after')
      }
      await rejects(store.upkeep.deleteInactive(new Date(Number.NaN)), invalid, 'since')
    },
  },
]
