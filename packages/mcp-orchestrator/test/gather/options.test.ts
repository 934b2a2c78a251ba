import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

describe('gathering with a limit of bytes', () => {
  it('spends them by priority, leaves out what does not fit, and names it', async () => {
    const { orchestrator } = orchestrate([
      notesServer('first', { priority: 1, resources: [{ uri: 'f://1', text: '12345' }] }).server,
      notesServer('second', { priority: 2, resources: [{ uri: 's://1', text: '123456' }] }).server,
      notesServer('third', { priority: 3, resources: [{ uri: 't://1', text: '123' }] }).server,
    ])

    const gathered = await orchestrator.gather({ maxBytes: 8 })

    expect(gathered.items.map(({ uri }) => uri)).toEqual(['f://1', 't://1'])
    expect(gathered.omitted).toEqual([{ server: 'second', uri: 's://1', bytes: 6 }])
    expect(gathered.isComplete).toBe(false)
  })
})

describe('gathering within a time', () => {
  it('ends servers that would have more of their own', async () => {
    const slow = notesServer('slow', { timeoutMs: 5_000 })
    slow.connector.fail('read', 'hang')
    const { orchestrator, clock } = orchestrate([slow.server, notesServer('fast').server])

    const { items, failures } = await orchestrator.gather({ timeoutMs: 200 })

    expect(clock.now()).toBe(200)
    expect(items.map(({ server }) => server)).toEqual(['fast', 'fast'])
    expect(failures[0]).toMatchObject({ server: 'slow', stage: 'read', kind: 'timeout' })
  })

  it('refuses a time that cannot be', async () => {
    const { orchestrator } = orchestrate([])

    await expect(orchestrator.gather({ timeoutMs: 0 })).rejects.toThrow('timeoutMs must be')
  })
})

describe('gathering strictly', () => {
  it('throws when anything is missing, with what there is', async () => {
    const dead = notesServer('dead')
    dead.connector.fail('connect', 'refused')
    const { orchestrator } = orchestrate([dead.server, notesServer('alive').server])

    await expect(orchestrator.gather({ strict: true })).rejects.toMatchObject({
      code: 'MCP_GATHER_INCOMPLETE',
      message: 'Gathering failed for dead.',
      gathered: { items: [{ server: 'alive' }, { server: 'alive' }] },
    })
  })

  it('throws when a text had to be left out', async () => {
    const { orchestrator } = orchestrate([notesServer('notes').server])

    await expect(orchestrator.gather({ strict: true, maxBytes: 1 })).rejects.toThrow(
      'Gathering had to leave out or cut off texts.',
    )
  })

  it('gives everything when everything is there', async () => {
    const { orchestrator } = orchestrate([notesServer('notes').server])

    expect((await orchestrator.gather({ strict: true })).items).toHaveLength(2)
  })
})

describe('gathering certain resources', () => {
  const shared = { uri: 'shared://terms', text: 'terms' }

  it('reads each from the server that lists it, and nothing else', async () => {
    const one = notesServer('one')
    const two = notesServer('two')
    const { orchestrator } = orchestrate([one.server, two.server])

    const { items } = await orchestrator.gather({ uris: ['two://a', 'one://b'] })

    expect(items.map(({ server, uri }) => [server, uri])).toEqual([
      ['one', 'one://b'],
      ['two', 'two://a'],
    ])
    expect(one.connector.requests.filter(({ stage }) => stage === 'read')).toHaveLength(1)
  })

  it('reads what several servers list from the first of them, and says so', async () => {
    const second = notesServer('second', { priority: 2, resources: [shared] })
    const first = notesServer('first', { priority: 1, resources: [shared] })
    const { orchestrator, serverEvents } = orchestrate([second.server, first.server])

    const { items, collisions } = await orchestrator.gather({ uris: [shared.uri] })

    expect(items).toMatchObject([{ server: 'first' }])
    expect(collisions).toEqual([{ uri: shared.uri, server: 'first', others: ['second'] }])
    expect(serverEvents.at(-1)).toEqual({
      type: 'uri-collided',
      server: 'first',
      others: ['second'],
    })
  })

  it('names what no server lists, and is not complete then', async () => {
    const { orchestrator } = orchestrate([notesServer('one').server])

    const gathered = await orchestrator.gather({ uris: ['nowhere://x', 'one://a'] })

    expect(gathered.notFound).toEqual(['nowhere://x'])
    expect(gathered.isComplete).toBe(false)
  })

  it('does not let a server that hangs use up the time of the others', async () => {
    const hanging = notesServer('hanging', { priority: 1, timeoutMs: 300 })
    hanging.connector.fail('list', 'hang')
    const good = notesServer('good', { timeoutMs: 300 })
    const { orchestrator } = orchestrate([hanging.server, good.server])

    const { items, failures } = await orchestrator.gather({ uris: ['good://a'] })

    expect(items).toMatchObject([{ uri: 'good://a' }])
    expect(failures).toMatchObject([{ server: 'hanging', kind: 'timeout' }])
  })
})

describe('a gathered text', () => {
  const hostile = 'sales\u202e\u200b\u0000 ok\u{E0041}'
  const json = String.raw`{"term":"sales‮​","path":"C:\\u202e"}`

  it('of an untrusted server has nothing in it that cannot be seen, and is marked', async () => {
    const resources = [
      { uri: 'n://text', text: hostile },
      { uri: 'n://json', text: json, mimeType: 'application/vnd.t2t.metadata+json' },
      { uri: 'n://plain', text: 'tab\tand\nline' },
    ]
    const { orchestrator } = orchestrate([notesServer('notes', { resources }).server])

    const { items } = await orchestrator.gather()

    expect(items.map(({ text, isCleaned }) => [text, isCleaned])).toEqual([
      [String.raw`{"term":"sales","path":"C:\\u202e"}`, true],
      ['tab\tand\nline', undefined],
      ['sales ok', true],
    ])
  })

  it('of a trusted server is as it was written', async () => {
    const resources = [{ uri: 'n://text', text: hostile }]
    const { orchestrator } = orchestrate([
      notesServer('notes', { resources, trust: 'trusted' }).server,
    ])

    const { items } = await orchestrator.gather()

    expect(items[0]?.text).toBe(hostile)
  })
})
