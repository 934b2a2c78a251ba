import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

const shared = { uri: 'shared://terms', text: 'terms' }

describe('reading one resource', () => {
  it('reads it from the server that lists it', async () => {
    const { orchestrator } = orchestrate([notesServer('one').server, notesServer('two').server])

    expect(await orchestrator.read({ uri: 'two://b' })).toMatchObject({
      kind: 'items',
      items: [{ server: 'two', text: 'two b' }],
    })
  })

  it('reads it from the first server that lists it, and reports the others', async () => {
    const { orchestrator } = orchestrate([
      notesServer('second', { priority: 2, resources: [shared] }).server,
      notesServer('first', { priority: 1, resources: [shared] }).server,
    ])

    expect(await orchestrator.read({ uri: shared.uri })).toMatchObject({
      kind: 'items',
      items: [{ server: 'first' }],
      collision: { server: 'first', others: ['second'] },
    })
  })

  it('reads it from the server that is named, whoever lists it', async () => {
    const first = notesServer('first', { priority: 1, resources: [shared] })
    const { orchestrator } = orchestrate([
      first.server,
      notesServer('second', { priority: 2, resources: [shared] }).server,
    ])

    const outcome = await orchestrator.read({ uri: shared.uri, server: 'second' })

    expect(outcome).toMatchObject({ kind: 'items', items: [{ server: 'second' }] })
    expect(first.connector.requests).toEqual([])
  })

  it('says that no server lists it', async () => {
    const { orchestrator } = orchestrate([notesServer('one').server])

    expect(await orchestrator.read({ uri: 'nowhere://x' })).toMatchObject({
      kind: 'failed',
      failure: { kind: 'refused', message: 'No server lists this URI.', uri: 'nowhere://x' },
    })
  })

  it('says which server is missing when that one might have listed it', async () => {
    const dead = notesServer('dead')
    dead.connector.fail('connect', 'unreachable')
    const { orchestrator } = orchestrate([dead.server, notesServer('alive').server])

    expect(await orchestrator.read({ uri: 'dead://a' })).toMatchObject({
      kind: 'failed',
      failure: { server: 'dead', kind: 'unreachable', uri: 'dead://a' },
    })
  })

  it('throws the reason of an abort', async () => {
    const { connector, server } = notesServer('one')
    connector.fail('read', 'hang')
    const { orchestrator } = orchestrate([server])
    await orchestrator.connect()
    const controller = new AbortController()
    const reason = new Error('left')

    const reading = orchestrator.read({ uri: 'one://a', signal: controller.signal })
    controller.abort(reason)

    await expect(reading).rejects.toBe(reason)
  })
})
