import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

describe('connecting', () => {
  it('fails when a required server is missing, and keeps what is known', async () => {
    const needed = notesServer('needed', { isRequired: true })
    needed.connector.fail('connect', 'refused')
    const { orchestrator } = orchestrate([needed.server, notesServer('other').server])

    await expect(orchestrator.connect()).rejects.toMatchObject({
      code: 'MCP_SERVERS_MISSING',
      message: 'Servers that must be there are missing: needed.',
      failures: [{ server: 'needed', kind: 'refused' }],
    })
    expect(orchestrator.getStatus().servers.map(({ state }) => state)).toEqual(['failed', 'ready'])
  })

  it('waits for the required servers alone when that was said; the others go on', async () => {
    const slow = notesServer('slow', { timeoutMs: 500 })
    slow.connector.fail('connect', 'hang')
    const needed = notesServer('needed', { isRequired: true })
    const { orchestrator, clock } = orchestrate([slow.server, needed.server])

    expect(await orchestrator.connect({ waitFor: 'required' })).toEqual([])

    expect(clock.now()).toBe(0)
    expect(orchestrator.getStatus().servers.map(({ state }) => state)).toEqual([
      'ready',
      'connecting',
    ])
    await clock.advance(500)
    expect(orchestrator.getStatus().servers[1]?.state).toBe('degraded')
  })

  it('waits for the first server alone when that was said', async () => {
    const hanging = notesServer('hanging')
    hanging.connector.fail('connect', 'hang')
    const broken = notesServer('broken')
    broken.connector.fail('connect', 'refused')
    const { orchestrator, clock } = orchestrate([
      hanging.server,
      broken.server,
      notesServer('good').server,
    ])

    await orchestrator.connect({ waitFor: 'any' })

    expect(clock.now()).toBe(0)
    await orchestrator.close()
  })

  it('fails when any server would do and there is none', async () => {
    const broken = notesServer('broken')
    broken.connector.fail('connect', 'refused')
    const { orchestrator } = orchestrate([broken.server])

    await expect(orchestrator.connect({ waitFor: 'any' })).rejects.toMatchObject({
      code: 'MCP_SERVERS_MISSING',
    })
  })

  it('throws the reason of an abort, whatever it waits for', async () => {
    for (const waitFor of ['all', 'any', 'required'] as const) {
      const hanging = notesServer('hanging', { isRequired: true })
      hanging.connector.fail('connect', 'hang')
      const { orchestrator } = orchestrate([hanging.server])
      const controller = new AbortController()
      const reason = new Error('left')

      const connecting = orchestrator.connect({ waitFor, signal: controller.signal })
      controller.abort(reason)

      await expect(connecting).rejects.toBe(reason)
    }
  })
})
