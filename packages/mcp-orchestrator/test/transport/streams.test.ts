import { json } from 'node:stream/consumers'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { createOrchestrator, type Connector } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serve } from '../fixtures/http-server.ts'
import { patiently } from '../fixtures/patiently.ts'

afterEach(() => void vi.useRealTimers())

interface Message {
  readonly id?: number
  readonly method?: string
}

type Answer = (message: Message, response: ServerResponse) => void

const asEvent = (message: unknown) => `data: ${JSON.stringify(message)}\n\n`
const resultOf = ({ id }: Message, result: unknown) => ({ jsonrpc: '2.0', id, result })

/** A server of the old protocol without sessions, whose calls are answered as the function says. */
function serveRaw(
  answerCall: Answer,
  onGet = (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(405).end(),
) {
  const heard: Message[] = []
  const answer: Answer = (message, response) => {
    const { method } = message
    if (message.id === undefined || method === undefined) response.writeHead(202).end()
    else if (method === 'initialize') {
      response.writeHead(200, { 'content-type': 'application/json' })
      const serverInfo = { name: 'raw', version: '1' }
      const capabilities = { tools: {}, resources: {} }
      const result = { protocolVersion: '2025-11-25', capabilities, serverInfo }
      response.end(JSON.stringify(resultOf(message, result)))
    } else answerCall(message, response)
  }
  const server = serve((request, response) => {
    if (request.method !== 'POST') onGet(request, response)
    else {
      void json(request).then((message) => {
        heard.push(message as Message)
        answer(message as Message, response)
      })
    }
  })
  return { server, heard }
}

const ways = [
  ['./sdk', (url: string) => legacy.http({ url })],
  ['./modern', (url: string) => modern.http({ url, protocol: 'legacy' })],
] as const

function orchestrate(connector: Connector) {
  const orchestrator = createOrchestrator({ servers: [{ name: 'one', priority: 1, connector }] })
  const call = (signal?: AbortSignal) =>
    orchestrator.callTool({ server: 'one', tool: 'any', input: {} }, { signal })
  return { orchestrator, call }
}

describe.each(ways)('a server over HTTP that is reached with %s', (_, connectorOf) => {
  it('and ends an answer before it has begun fails the call at once', async () => {
    const { server } = serveRaw((_message, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': nothing\n\n')
    })
    await using running = await server
    const { orchestrator, call } = orchestrate(connectorOf(running.url))
    await using _closing = orchestrator

    expect(await call()).toMatchObject({ kind: 'failed', failure: { kind: 'closed' } })
  })

  it.each([
    ['drips its answer', (response: ServerResponse) => void response.write(': drip\n\n')],
    ['drips a body', (response: ServerResponse) => void response.write('{')],
    ['has not begun to answer', () => undefined],
  ])('and %s loses the socket of a call that is aborted', async (how, drip) => {
    const asked = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    const type = how === 'drips a body' ? 'application/json' : 'text/event-stream'
    const { server } = serveRaw((_message, response) => {
      if (how !== 'has not begun to answer') response.writeHead(200, { 'content-type': type })
      drip(response)
      response.once('close', left.resolve)
      asked.resolve()
    })
    await using running = await server
    const { orchestrator, call } = orchestrate(connectorOf(running.url))
    await using _closing = orchestrator
    const controller = new AbortController()
    const calling = call(controller.signal).catch((error: unknown) => error)
    await asked.promise

    controller.abort('left')

    expect(await calling).toBe('left')
    await left.promise
    expect(orchestrator.getStatus().servers).toMatchObject([{ state: 'ready' }])
  })

  it('and asks without end is answered no more than it can read', async () => {
    const questions = 500
    const held: ServerResponse[] = []
    const heldMost = () => held.length
    const { server, heard } = serveRaw((message, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (let id = 1; id <= questions; id++) {
        response.write(asEvent({ jsonrpc: '2.0', id, method: 'ping' }))
      }
      response.end(asEvent(resultOf(message, { content: [{ type: 'text', text: 'done' }] })))
    })
    await using running = await server
    await using slow = await serve((request, response) => {
      if (request.method !== 'POST') {
        response.writeHead(405).end()
        return
      }
      void json(request).then(async (message) => {
        const { method } = message as Message
        if (method === undefined) {
          heard.push(message as Message)
          held.push(response)
          return
        }
        const answer = await fetch(running.url, { method: 'POST', body: JSON.stringify(message) })
        response.writeHead(answer.status, Object.fromEntries(answer.headers))
        response.end(await answer.text())
      })
    })
    const { orchestrator, call } = orchestrate(connectorOf(slow.url))
    await using _closing = orchestrator

    expect(await call()).toMatchObject({ kind: 'result', text: 'done' })
    await expect.poll(heldMost, patiently).toBeGreaterThan(0)
    expect(heldMost()).toBeLessThanOrEqual(32)
  })

  it('and sends what unpacks to a thousand times its size is cut off', async () => {
    const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    const { server } = serveRaw((_message, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(packed)
    })
    await using running = await server
    const { orchestrator, call } = orchestrate(connectorOf(running.url))
    await using _closing = orchestrator

    expect(await call()).toMatchObject({ kind: 'failed', failure: { kind: 'invalid' } })
  })

  it('and ends every stream, to be asked again at once, is asked after pauses', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    let streams = 0
    const { server } = serveRaw(
      (message, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(resultOf(message, { content: [] })))
      },
      (_request, response) => {
        streams += 1
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`id: ${streams}\nretry: 0\n\n`)
      },
    )
    await using running = await server
    const connection = await connectorOf(running.url).connect(new AbortController().signal)

    // Four are free; then come half a second, one second and two.
    while (streams < 4) await turn(5)
    for (let step = 0; step < 30; step++) await turn(5)
    const free = streams
    for (const pause of [500, 1_000]) {
      const before = streams
      vi.advanceTimersByTime(pause)
      while (streams === before) await turn(1)
      for (let step = 0; step < 30; step++) await turn(1)
    }

    await connection.close()
    expect([free, streams]).toEqual([4, 6])
  })
})

/** Lets a few milliseconds of the fake time pass, and everything that is due happen. */
async function turn(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms)
  await new Promise((resolve) => setImmediate(resolve))
}
