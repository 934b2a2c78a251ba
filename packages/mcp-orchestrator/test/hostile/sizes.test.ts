import { createOrchestrator } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { describe, expect, it } from 'vitest'
import { script } from '../fixtures/children.ts'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

describe('a server that gives too much', () => {
  it('in all is cut off after 64 MiB, and the rest is named', async () => {
    const text = 'x'.repeat(1_048_576)
    const resources = Array.from({ length: 75 }, (_, index) => ({ uri: `big://${index}`, text }))
    const { server: good } = notesServer('good')
    const { orchestrator } = orchestrate(
      [{ name: 'big', priority: 1, connector: scriptedConnector({ resources }) }, good],
      { maxItemBytes: 1_048_576, cache: { ttlMs: 0 } },
    )

    const { items, failures, isComplete } = await orchestrator.gather()

    const big = items.filter(({ server }) => server === 'big')
    expect(big.length).toBeGreaterThanOrEqual(64)
    expect(big.length).toBeLessThan(75)
    expect(items.filter(({ server }) => server === 'good')).toHaveLength(2)
    expect(failures).toEqual([
      {
        server: 'big',
        stage: 'read',
        kind: 'invalid',
        message: `The server gave more than 67108864 bytes; resources that were left out: ${75 - big.length}.`,
      },
    ])
    expect(isComplete).toBe(false)
  })

  it('of everything does not cost other servers their place in the cache', async () => {
    const resources = Array.from({ length: 40 }, (_, index) => ({
      uri: `big://${index}`,
      text: 'x',
    }))
    const { server: good, connector } = notesServer('good')
    const { orchestrator } = orchestrate(
      [good, { name: 'big', priority: 20, connector: scriptedConnector({ resources }) }],
      { cache: { maxEntries: 10 } },
    )

    for (let round = 0; round < 3; round++) await orchestrator.gather()

    expect(connector.requests.filter(({ stage }) => stage === 'read')).toHaveLength(2)
    expect(orchestrator.getStatus().servers.map(({ cache }) => cache.entries)).toEqual([3, 7])
  })

  it('of waiting is asked again after an hour, whatever it says', async () => {
    const { connector, server } = notesServer('busy')
    connector.fail('connect', 'unreachable', 1)
    const { orchestrator, clock } = orchestrate([
      {
        ...server,
        connector: {
          ...connector,
          connect: async (signal) => {
            try {
              return await connector.connect(signal)
            } catch (error) {
              throw Object.assign(error as Error, { retryAfterMs: Number.MAX_SAFE_INTEGER })
            }
          },
        },
      },
    ])
    await orchestrator.gather()

    await clock.advance(3_600_000)

    expect(await orchestrator.gather()).toMatchObject({ failures: [] })
  })
})

/** A server process whose answers to some methods are these texts of JSON. */
function program(answers: Readonly<Record<string, string>>): string {
  return `
    const answers = ${JSON.stringify(answers)}
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method, params } = JSON.parse(line)
      if (id === undefined || method === undefined) return
      const hello = { protocolVersion: params.protocolVersion, capabilities: { tools: {}, resources: {} }, serverInfo: { name: 'x', version: '1' } }
      const result = method === 'initialize' ? JSON.stringify(hello) : answers[method]
      process.stdout.write(result === undefined
        ? JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }) + '\\n'
        : '{"jsonrpc":"2.0","id":' + id + ',"result":' + result + '}\\n')
    })`
}

describe.each([
  ['./sdk', legacy.stdio],
  ['./modern', (options: legacy.StdioOptions) => modern.stdio({ ...options, protocol: 'legacy' })],
] as const)('with %s, a server process', (_, connect) => {
  const orchestrateProgram = (code: string) =>
    createOrchestrator({
      servers: [
        { name: 'one', priority: 1, connector: script(code, { connect }), timeoutMs: 20_000 },
      ],
    })
  const call = { server: 'one', tool: 'any', input: {} }

  it('cannot keep this one busy with a pattern for its own answer', async () => {
    const outputSchema = {
      type: 'object',
      properties: { a: { type: 'string', pattern: '^(a+)+$' } },
    }
    await using orchestrator = orchestrateProgram(
      program({
        'tools/list': JSON.stringify({
          tools: [{ name: 'any', inputSchema: { type: 'object' }, outputSchema }],
        }),
        'tools/call': JSON.stringify({
          content: [{ type: 'text', text: 'done' }],
          structuredContent: { a: `${'a'.repeat(40)}!` },
        }),
      }),
    )

    expect((await orchestrator.listTools()).tools).toHaveLength(1)
    expect(await orchestrator.callTool(call)).toMatchObject({ kind: 'result', text: 'done' })
  })

  it('that gives a resource of more than a thousand contents is refused', async () => {
    const contents = Array.from({ length: 1_001 }, () => ({ uri: 'a://a', text: '' }))
    await using orchestrator = orchestrateProgram(
      program({
        'resources/list': '{"resources":[{"uri":"a://a","name":"a"}]}',
        'resources/read': JSON.stringify({ contents }),
      }),
    )

    expect((await orchestrator.gather()).failures).toMatchObject([
      { kind: 'invalid', message: 'The server gave a resource with more than 1000 contents.' },
    ])
  })

  it('that answers twice, and what nobody asked, is listened to once', async () => {
    const code = `
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method, params } = JSON.parse(line)
        if (id === undefined) return
        const say = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
        if (method === 'initialize') return say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } })
        for (const other of [id + 1, id + 2, -1, 'x', '__proto__']) say(other, { content: [{ type: 'text', text: 'early' }] })
        for (const text of ['first', 'second']) say(id, { content: [{ type: 'text', text }] })
        for (const method of ['sampling/createMessage', 'roots/list', 'elicitation/create', 'no/such'])
          console.log(JSON.stringify({ jsonrpc: '2.0', id: method, method, params: {} }))
        for (let count = 0; count < 2000; count++) {
          console.log(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }))
          console.log(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: count, progress: 1 } }))
        }
        process.stderr.write('!'.repeat(1e6))
      })`
    await using orchestrator = orchestrateProgram(code)

    const outcomes = [await orchestrator.callTool(call), await orchestrator.callTool(call)]

    expect(outcomes).toMatchObject([{ text: 'first' }, { text: 'first' }])
    expect(orchestrator.getStatus().servers).toMatchObject([{ state: 'ready' }])
  })

  it('that asks without end and never reads is ended', async () => {
    const code = `
      let isAsking = false
      const ask = () => {
        const pings = Array.from({ length: 20 }, () => '{"jsonrpc":"2.0","id":"' + 'x'.repeat(50_000) + '","method":"ping"}\\n').join('')
        process.stdout.write(pings, () => setImmediate(ask))
      }
      process.stdin.on('data', (chunk) => {
        if (isAsking) return
        isAsking = true
        const { id, params } = JSON.parse(String(chunk).split('\\n')[0])
        console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } } }))
        process.stdin.pause()
        ask()
      })`
    await using orchestrator = createOrchestrator({
      servers: [
        { name: 'one', priority: 1, connector: script(code, { connect }), timeoutMs: 120_000 },
      ],
    })

    expect(await orchestrator.callTool(call)).toMatchObject({
      failure: {
        kind: 'invalid',
        message: 'The server process does not read what it is sent.',
      },
    })
  })
})
