import assert from 'node:assert/strict'
import { type FixturePromise, toolUse } from './fixture.ts'

const texts = [
  '',
  "'; DROP TABLE t2t_messages; --",
  '%_\\"`$1 ?',
  'Grüße, 你好, 👩‍👩‍👧 and \u0301',
  'line\r\nline\u2028line\ttab',
  'x'.repeat(1_000_000),
]

/** What a store promises about messages, tool executions and statistics. */
export const entryPromises: readonly FixturePromise[] = [
  {
    promise: 'keeps messages in the order in which they came, also where the clock is set back',
    async check({ store, clock }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      await store.messages.append(key, { role: 'user', content: 'How many?' })
      clock.advance(-5_000)
      await store.messages.append(key, { role: 'assistant', content: '42' })
      assert.deepEqual(await store.messages.list(key), [
        { sequence: 1, role: 'user', content: 'How many?', createdAt: '2026-01-01T00:00:00.000Z' },
        { sequence: 2, role: 'assistant', content: '42', createdAt: '2026-01-01T00:00:00.000Z' },
      ])
    },
  },
  {
    promise: 'keeps any text as it is',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada', title: texts[1] })
      const key = { owner: 'ada', id }
      for (const content of texts) await store.messages.append(key, { role: 'user', content })
      const found = await store.messages.list(key)
      assert.ok(found.every(({ content }, index) => content === texts[index]))
      assert.equal((await store.sessions.get(key))?.title, texts[1])
    },
  },
  {
    promise: 'replaces characters that databases refuse',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      const content = 'a\0b\uD800c'
      const given = await store.messages.append(key, { role: 'user', content })
      assert.equal(given.content, 'a\uFFFDb\uFFFDc')
      assert.deepEqual(await store.messages.list(key), [given])
    },
  },
  {
    promise: 'gives the latest entries first, page by page',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      for (const content of ['1', '2', '3', '4', '5']) {
        await store.messages.append(key, { role: 'user', content })
      }
      const contents = async (before?: number): Promise<readonly string[]> =>
        (await store.messages.list(key, { limit: 2, before })).map(({ content }) => content)
      assert.deepEqual(await contents(), ['4', '5'])
      assert.deepEqual(await contents(4), ['2', '3'])
      assert.deepEqual(await contents(2), ['1'])
      assert.deepEqual(await contents(1), [])
    },
  },
  {
    promise: 'gives each of many entries at once a place of its own',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      const added = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index % 2 === 0
            ? store.messages.append(key, { role: 'user', content: String(index) })
            : store.toolExecutions.append(key, toolUse()),
        ),
      )
      const places = added.map(({ sequence }) => sequence).toSorted((left, right) => left - right)
      assert.deepEqual(
        places,
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    },
  },
  {
    promise: 'keeps tool executions as JSON keeps them',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      const given = await store.toolExecutions.append(
        key,
        toolUse({
          arguments: { sql: 'SELECT "ä"', none: undefined, at: new Date(0), deep: [{ n: 1.5 }] },
          succeeded: false,
        }),
      )
      assert.deepEqual(given, {
        sequence: 1,
        tool: 'query',
        arguments: { sql: 'SELECT "ä"', at: '1970-01-01T00:00:00.000Z', deep: [{ n: 1.5 }] },
        result: '1 row',
        succeeded: false,
        durationMs: 12.5,
        createdAt: '2026-01-01T00:00:00.000Z',
      })
      assert.deepEqual(await store.toolExecutions.list(key), [given])
    },
  },
  {
    promise: 'counts messages and tool executions of a session',
    async check({ store, clock }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      for (const role of ['user', 'assistant', 'user'] as const) {
        await store.messages.append(key, { role, content: 'text' })
        clock.advance(1_000)
      }
      await store.toolExecutions.append(key, toolUse({ durationMs: 10 }))
      await store.toolExecutions.append(key, toolUse({ durationMs: 30, succeeded: false }))
      await store.toolExecutions.append(key, toolUse({ tool: 'describe', durationMs: 5 }))
      assert.deepEqual(await store.sessions.statistics(key), {
        messages: { user: 2, assistant: 1, system: 0 },
        tools: [
          { tool: 'describe', calls: 1, failures: 0, totalDurationMs: 5, longestDurationMs: 5 },
          { tool: 'query', calls: 2, failures: 1, totalDurationMs: 40, longestDurationMs: 30 },
        ],
        firstMessageAt: '2026-01-01T00:00:00.000Z',
        lastMessageAt: '2026-01-01T00:00:02.000Z',
      })
    },
  },
  {
    promise: 'clears a session and goes on counting',
    async check({ store }) {
      const { id } = await store.sessions.create({ owner: 'ada' })
      const key = { owner: 'ada', id }
      await store.messages.append(key, { role: 'user', content: 'gone' })
      await store.toolExecutions.append(key, toolUse())
      await store.messages.clear(key)
      assert.deepEqual(await store.messages.list(key), [])
      assert.deepEqual(await store.toolExecutions.list(key), [])
      const next = await store.messages.append(key, { role: 'user', content: 'new' })
      assert.ok(next.sequence > 2)
      assert.deepEqual((await store.sessions.statistics(key)).messages, {
        user: 1,
        assistant: 0,
        system: 0,
      })
    },
  },
]
