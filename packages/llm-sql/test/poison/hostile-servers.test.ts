import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createSqlAssistant,
  modelGenerator,
  type AssistantEvent,
  type Context,
  type QueryRunner,
} from '@t2t/llm-sql'
import { openAiModel } from '@t2t/llm-sql/openai'
import { createToolAgent, type AgentTool } from '@t2t/llm-sql/tools'
import { createSqlGuard, definePolicy, type Catalog } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { dataOf } from '../../src/model/http/server-sent.ts'
import { startModelServer } from '../support/model-server.ts'
import { openAiReplies } from '../support/replies.ts'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'
import { calls, modelOf, sourceOf, streaming, tool } from '../support/tools.ts'

const database = openShop()
const catalog = catalogOf(database)
const count = 'SELECT COUNT(*) FROM orders'

/** A server that writes pieces for as long as somebody listens. */
async function startPieces(head: string, pieces: Iterable<string | Uint8Array>) {
  let written = 0
  const server = createServer((incoming, outgoing) => {
    incoming.resume()
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(head)
    const rest = pieces[Symbol.iterator]()
    const more = (): void => {
      for (;;) {
        const next = rest.next()
        if (outgoing.destroyed) return
        if (next.done === true) return void outgoing.end()
        written += next.value.length
        if (!outgoing.write(next.value)) return void outgoing.once('drain', more)
      }
    }
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    written: () => written,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function* times<Value>(count: number, value: Value): Iterable<Value> {
  for (let at = 0; at < count; at++) yield value
}

function askWith(baseUrl: string, isStreamed = false) {
  const whole = openAiModel({ baseUrl, model: 'm' })
  return createSqlAssistant({
    context: async () => contextOf(catalog),
    guard: (known) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog: known }),
    run: runnerOn(database),
    generator: modelGenerator({ model: isStreamed ? streaming(whole) : whole }),
    today,
  }).ask('How many orders are there?').answer
}

const hundredMegabytes = 100_000_000

describe('a model server that means harm', () => {
  it.for([
    ['a body of 100 MB', false, '{"choices":[{"message":{"content":"'],
    ['a stream of 100 MB without a line', true, 'data: '],
  ] as const)('sends %s, and is not read to its end', async ([, isStreamed, head]) => {
    const piece = 'x'.repeat(64_000)
    await using server = await startPieces(head, times(hundredMegabytes / piece.length, piece))

    const answer = await askWith(server.baseUrl, isStreamed)

    expect(answer).toMatchObject({ kind: 'failed', code: 'model-failed' })
    expect(server.written()).toBeLessThan(hundredMegabytes)
  })

  it('sends a long line byte by byte, and costs no more than its length', async () => {
    const line = `data: ${JSON.stringify({ choices: [{ delta: { content: `${'-'.repeat(300_000)}\n${count}` }, finish_reason: 'stop' }] })}`
    async function* bytes() {
      for (const letter of line) yield letter
    }

    const events: string[] = []
    for await (const event of dataOf(bytes())) events.push(event)

    expect(events).toEqual([line.slice('data: '.length)])
  })

  it('sends bytes that are no text, and is understood as far as they are', async () => {
    const [before = '', after = ''] = openAiReplies
      .whole('SELECT COUNT(*) FROM orders #')
      .split('#')
    await using server = await startPieces(before, [
      Uint8Array.of(0xff, 0xfe, 0xc3, 0x28),
      after.replace('#', ''),
    ])

    expect(['answered', 'failed']).toContain((await askWith(server.baseUrl)).kind)
  })

  it('wants calls whose input is nested very deeply, and ends', async () => {
    const deep = `{"text":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    const body = JSON.stringify({
      choices: [
        {
          message: { tool_calls: [{ id: 'a', function: { name: 'look', arguments: deep } }] },
          finish_reason: 'tool_calls',
        },
      ],
    })
    await using server = await startModelServer({ body })
    const look = tool('look', 'seven', { isReadOnly: true })
    const agent = createToolAgent({
      model: openAiModel({ baseUrl: server.baseUrl, model: 'm' }),
      tools: [sourceOf(look)],
    })

    const answer = await agent.ask('How many?').answer

    expect(answer.kind).toBe('failed')
    expect(look.inputs).toEqual([])
  })

  it('wants thousands of calls at once, and is told of few', async () => {
    const model = modelOf(
      calls(...times(20_000, ['look', { text: 'a' }] as const)),
      'There are seven.',
    )
    const events: unknown[] = []
    const look = tool('look', 'seven', { isReadOnly: true })
    const agent = createToolAgent({
      model,
      tools: [sourceOf(look)],
      onEvent: (event) => events.push(event),
    })

    const answer = await agent.ask('How many?').answer

    expect(answer.kind).toBe('answered')
    expect(look.inputs).toHaveLength(1)
    expect(answer.calls.length).toBeLessThanOrEqual(64)
    expect(model.requests.at(-1)?.messages.length).toBeLessThanOrEqual(70)
    expect(events.length).toBeLessThanOrEqual(80)
  })
})

describe('a tool whose schema refers to itself', () => {
  const cyclic: Record<string, unknown> = { type: 'object' }
  cyclic['properties'] = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`p${at}`, cyclic]),
  )

  it.for([true, false])('is offered without the circle, trusted or not: %s', async (isTrusted) => {
    await using server = await startModelServer({ body: openAiReplies.whole('Seven.') })
    const more: Partial<AgentTool> = { inputSchema: cyclic, isReadOnly: true, isTrusted }
    const agent = createToolAgent({
      model: openAiModel({ baseUrl: server.baseUrl, model: 'm' }),
      tools: [sourceOf(tool('look', 'seven', more))],
    })

    expect(await agent.ask('How many?').answer).toMatchObject({ kind: 'answered', text: 'Seven.' })
    expect(JSON.stringify(server.requests[0]?.body).length).toBeLessThan(100_000)
  })
})

describe('what a policy hides', () => {
  const policy = definePolicy({
    columns: { block: ['customers.email'] },
    tables: { block: ['returns'] },
  })
  const poorer: Catalog = {
    ...catalog,
    tables: catalog.tables
      .filter(({ name }) => name !== 'returns')
      .map((table) => ({
        ...table,
        columns: table.columns.filter(({ name }) => name !== 'email'),
      })),
  }

  async function inWorld(world: Catalog, script: readonly [string, ...string[]], said?: string) {
    const model = modelOf(...script)
    const events: AssistantEvent[] = []
    const context: Context = contextOf(world, [])
    const run: QueryRunner =
      said === undefined ? runnerOn(database) : async () => ({ kind: 'failed', message: said })
    const assistant = createSqlAssistant({
      context: async () => context,
      guard: (known) => createSqlGuard({ dialect: sqlite(), policy, catalog: known }),
      run,
      generator: modelGenerator({ model, createId: () => 'b' }),
      verifyWith: sqlite(),
      onEvent: (event) => void events.push(event),
      today,
    })
    const answer = await assistant.ask('What are the mail addresses of customers?').answer
    return { prompts: JSON.stringify(model.requests), answer, events: JSON.stringify(events) }
  }

  it.for([
    ['a misspelt hidden column', ['SELECT emial FROM customers', 'SELECT mail FROM customers']],
    ['a misspelt hidden table', ['SELECT reason FROM retruns', 'SELECT id FROM return']],
    [
      'a column of a hidden table',
      ['SELECT reason FROM order_lines', 'SELECT returned_at FROM orders'],
    ],
    ['a table known by hidden columns', ['SELECT returned_at, reason FROM complaints']],
    [
      'a syntax error beside it',
      ['SELECT emial FORM customers WHERE', 'SELECT reason FORM retruns'],
    ],
  ] as const)('is not in prompts or answers after %s', async ([, script]) => {
    const [richer, plain] = [await inWorld(catalog, script), await inWorld(poorer, script)]

    expect(richer.prompts).toBe(plain.prompts)
    expect(JSON.stringify({ ...richer.answer, receipt: undefined })).toBe(
      JSON.stringify({ ...plain.answer, receipt: undefined }),
    )
    expect(richer.prompts).not.toMatch(/email|returns/)
  })

  it.for([
    'permission denied for table returns',
    'no such column: customers.email',
    'column "emial" does not exist, perhaps you meant "customers"."EMAIL"',
    'in the view of order_lines: no such table: main.returns',
  ])('is not taken over from what the database says: %s', async (said) => {
    const { prompts, answer } = await inWorld(catalog, [count, 'SELECT id FROM orders'], said)

    expect(prompts).not.toMatch(/email|returns/i)
    expect(JSON.stringify(answer)).not.toMatch(/email|returns/i)
  })
})
