import { exportSession, memoryStore } from '@t2t/sessions'
import { createFakeClock } from '@t2t/sessions/testing'
import { describe, expect, it } from 'vitest'

describe('an export', () => {
  it('holds all messages and tool executions, whatever their number', async () => {
    const store = memoryStore({ clock: createFakeClock(), createId: () => 's' })
    await store.sessions.create({ owner: 'ada', title: 'Sales' })
    const key = { owner: 'ada', id: 's' }
    for (let index = 0; index < 1_001; index++) {
      await store.messages.append(key, { role: 'user', content: String(index) })
    }
    const use = { tool: 'query', arguments: {}, result: '', succeeded: true, durationMs: 1 }
    await store.toolExecutions.append(key, use)

    const exported = await exportSession(store, key)

    const at = '2026-01-01T00:00:00.000Z'
    expect(exported.messages.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 1_001 }, (_, index) => index + 1),
    )
    expect(exported).toMatchObject({
      version: 1,
      session: { id: 's', owner: 'ada', title: 'Sales', createdAt: at, updatedAt: at },
      toolExecutions: [{ sequence: 1_002, ...use }],
      statistics: { messages: { user: 1_001 } },
    })
    expect(JSON.parse(JSON.stringify(exported))).toMatchObject({ version: 1 })
  })

  it('is refused to everybody but the owner', async () => {
    const store = memoryStore()
    const { id } = await store.sessions.create({ owner: 'ada' })

    const failure = await exportSession(store, { owner: 'eve', id }).catch(
      (error: unknown) => error,
    )

    expect(failure).toMatchObject({ code: 'SESSIONS_NOT_FOUND' })
  })
})
