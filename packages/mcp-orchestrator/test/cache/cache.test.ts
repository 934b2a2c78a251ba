import type { OrchestratorOptions } from '@t2t/mcp-orchestrator'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

function notes(
  options: Partial<OrchestratorOptions> = {},
  script: Parameters<typeof notesServer>[1] = {},
) {
  const { connector, server } = notesServer('notes', script)
  const made = orchestrate([server], options)
  const reads = () => connector.requests.filter(({ stage }) => stage === 'read').length
  const lists = () => connector.requests.filter(({ stage }) => stage === 'list').length
  return { ...made, connector, reads, lists }
}

describe('what was gathered', () => {
  it('is remembered for five minutes, and not for longer', async () => {
    const { orchestrator, clock, connector, reads, lists } = notes()
    const first = await orchestrator.gather()

    await clock.advance(299_999)
    const second = await orchestrator.gather()
    expect([lists(), reads()]).toEqual([1, 2])
    expect(second).toEqual(first)

    await clock.advance(1)
    await orchestrator.gather()
    expect([lists(), reads()]).toEqual([2, 4])
    expect(connector.requests.filter(({ stage }) => stage === 'connect')).toHaveLength(1)
  })

  it('is remembered as long as was said', async () => {
    const { orchestrator, clock, reads } = notes({ cache: { ttlMs: 50 } })
    await orchestrator.gather()

    await clock.advance(50)
    await orchestrator.gather()

    expect(reads()).toBe(4)
  })

  it('is not remembered when that was said', async () => {
    const { orchestrator, reads } = notes({ cache: { ttlMs: 0 } })

    await orchestrator.gather()
    await orchestrator.gather()

    expect(reads()).toBe(4)
    expect(orchestrator.getStatus().servers[0]?.cache.entries).toBe(0)
  })

  it('holds no longer than its server says', async () => {
    const resources = [{ uri: 'notes://a', text: 'a', ttlMs: 1_000 }]
    const { orchestrator, clock, reads } = notes({}, { resources })
    await orchestrator.gather()
    await clock.advance(999)
    await orchestrator.gather()
    expect(reads()).toBe(1)

    await clock.advance(1)
    await orchestrator.gather()

    expect(reads()).toBe(2)
  })

  it('holds an hour at the most, whatever its server says', async () => {
    const resources = [{ uri: 'notes://a', text: 'a', ttlMs: Number.MAX_SAFE_INTEGER }]
    const { orchestrator, clock, reads } = notes({}, { resources })
    await orchestrator.gather()

    await clock.advance(3_600_000)
    await orchestrator.gather()

    expect(reads()).toBe(2)
  })

  it('is fetched again, and remembered anew, by a refresh', async () => {
    const { orchestrator, clock, reads } = notes()
    await orchestrator.gather()
    await clock.advance(200_000)

    await orchestrator.gather({ cacheMode: 'refresh' })
    await clock.advance(200_000)
    await orchestrator.gather()

    expect(reads()).toBe(4)
  })

  it('is left alone by a bypass', async () => {
    const { orchestrator, reads } = notes()

    await orchestrator.gather({ cacheMode: 'bypass' })
    await orchestrator.gather()
    await orchestrator.gather()

    expect(reads()).toBe(4)
  })

  it('is fetched once for all who want it at the same time', async () => {
    const { orchestrator, reads, lists } = notes()

    await Promise.all([orchestrator.gather(), orchestrator.gather(), orchestrator.gather()])

    expect([lists(), reads()]).toEqual([1, 2])
  })

  it('is fetched to its end for the others when one who waits leaves', async () => {
    const { orchestrator, connector } = notes()
    await orchestrator.connect()
    const controller = new AbortController()

    const leaving = orchestrator.gather({ signal: controller.signal })
    const staying = orchestrator.gather()
    controller.abort(new Error('left'))

    await expect(leaving).rejects.toThrow('left')
    expect((await staying).items).toHaveLength(2)
    expect(connector.requests.filter(({ stage }) => stage === 'list')).toHaveLength(1)
  })
})

describe('what is remembered', () => {
  it('is forgotten when the server says that its resources have changed', async () => {
    const { orchestrator, connector, serverEvents, reads, lists } = notes()
    await orchestrator.gather()

    connector.tell({ type: 'resources-changed' })
    await orchestrator.gather()

    expect([lists(), reads()]).toEqual([2, 4])
    expect(serverEvents).toContainEqual({
      type: 'catalog-changed',
      server: 'notes',
      what: 'resources',
    })
  })

  it('is forgotten of one resource when the server says that it was updated', async () => {
    const { orchestrator, connector, lists } = notes()
    await orchestrator.gather()

    connector.tell({ type: 'resource-updated', uri: 'notes://b' })
    await orchestrator.gather()

    expect(lists()).toBe(1)
    expect(
      connector.requests.flatMap(({ stage, target }) => (stage === 'read' ? [target] : [])),
    ).toEqual(['notes://a', 'notes://b', 'notes://b'])
  })

  it('is not filled by an answer that is older than a change', async () => {
    const { orchestrator, connector, lists } = notes()
    await orchestrator.connect()

    const gathering = orchestrator.gather()
    connector.tell({ type: 'resources-changed' })
    await gathering
    await orchestrator.gather()

    expect(lists()).toBe(2)
  })

  it('is forgotten when the connection is lost, since nobody told of changes then', async () => {
    const { orchestrator, connector } = notes()
    await orchestrator.gather()

    connector.disconnect()
    connector.fail('connect', 'unreachable')
    const { items, failures } = await orchestrator.gather()

    expect(items).toEqual([])
    expect(failures).toMatchObject([{ kind: 'unreachable' }])
  })

  it('stands in for a failure only when that was said, marked as stale and named as missing', async () => {
    const { orchestrator, connector, clock } = notes({ cache: { staleIfErrorMs: 60_000 } })
    await orchestrator.gather()
    connector.disconnect()
    connector.fail('connect', 'unreachable')

    const gathered = await orchestrator.gather()
    expect(gathered.items.map(({ isStale }) => isStale)).toEqual([true, true])
    expect(gathered.failures).toMatchObject([{ server: 'notes', kind: 'unreachable' }])
    expect(gathered.isComplete).toBe(false)

    await clock.advance(60_000)
    expect((await orchestrator.gather()).items).toEqual([])
  })

  it('does not stand in for what the server refuses', async () => {
    const { orchestrator, connector, clock } = notes({
      cache: { ttlMs: 10, staleIfErrorMs: 60_000 },
    })
    await orchestrator.gather()
    await clock.advance(10)
    connector.fail('read', 'refused')

    expect((await orchestrator.gather()).items).toEqual([])
  })

  it('is counted, and told to the listener', async () => {
    const { orchestrator, serverEvents } = notes()
    await orchestrator.gather()
    await orchestrator.gather()

    expect(orchestrator.getStatus().servers[0]?.cache).toMatchObject({
      hits: 3,
      misses: 3,
      stale: 0,
      entries: 3,
    })
    expect(serverEvents.slice(-1)).toEqual([
      { type: 'cache-used', server: 'notes', what: 'read', outcome: 'hit' },
    ])
  })

  it('is bounded in number: what was unused for longest goes first', async () => {
    const { orchestrator, lists } = notes({ cache: { maxEntries: 2 } })
    await orchestrator.gather()
    expect(orchestrator.getStatus().servers[0]?.cache.entries).toBe(2)

    await orchestrator.gather()

    expect(lists()).toBe(2)
  })

  it('is bounded in bytes', async () => {
    const resources = ['a', 'b', 'c'].map((name) => ({
      uri: `notes://${name}`,
      text: 'x'.repeat(10_000),
    }))
    const { orchestrator } = notes({ cache: { maxBytes: 21_000 } }, { resources })

    await orchestrator.gather()

    const { bytes = 0, entries = 0 } = orchestrator.getStatus().servers[0]?.cache ?? {}
    expect(entries).toBe(2)
    expect(bytes).toBeLessThan(21_000)
  })

  it.for([
    [{ ttlMs: -1 }, 'cache.ttlMs must be an integer from 0 to 3600000, got -1.'],
    [{ staleIfErrorMs: 0.5 }, 'cache.staleIfErrorMs'],
    [{ maxEntries: 0 }, 'cache.maxEntries'],
    [{ maxBytes: 0 }, 'cache.maxBytes'],
  ] as const)('cannot be set to %o', ([cache, message]) => {
    expect(() => notes({ cache })).toThrow(message)
  })
})
