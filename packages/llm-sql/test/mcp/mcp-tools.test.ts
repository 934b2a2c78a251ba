import { mcpTools } from '@t2t/llm-sql/mcp'
import { createToolAgent } from '@t2t/llm-sql/tools'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { describe, expect, it } from 'vitest'
import { calls, modelOf } from '../support/tools.ts'

const inputSchema = { type: 'object', properties: { sql: { type: 'string' } } }

function shopAndAway() {
  const shop = scriptedConnector({
    tools: [
      {
        name: 'query',
        description: 'Runs a SELECT.',
        inputSchema,
        isReadOnly: true,
        answer: ({ sql }) => ({ isError: false, text: '', structured: { sql, rows: [[7]] } }),
      },
      { name: 'drop', inputSchema, answer: () => ({ isError: false, text: 'gone' }) },
    ],
  })
  const away = scriptedConnector({})
  away.fail('connect', 'unreachable')
  const orchestrator = createOrchestrator({
    servers: [
      { name: 'shop', connector: shop, priority: 1, trust: 'trusted' },
      { name: 'away', connector: away, priority: 2 },
    ],
  })
  return { shop, orchestrator }
}

describe('tools of MCP servers', () => {
  it('are offered to a model and called, and servers that are away are named', async () => {
    const { shop, orchestrator } = shopAndAway()
    await using _open = orchestrator
    const sql = 'SELECT COUNT(*) FROM orders'
    const model = modelOf(calls(['shop__query', { sql }]), calls(['shop__drop']), 'Seven.')

    const answer = await createToolAgent({ model, tools: [mcpTools(orchestrator)] }).ask(
      'How many?',
    ).answer

    expect(model.requests[0]?.tools).toMatchObject([
      { name: 'shop__drop' },
      { name: 'shop__query', description: 'Runs a SELECT.', inputSchema },
    ])
    expect(model.requests[1]?.messages.at(-1)?.content).toContain(`{"sql":"${sql}","rows":[[7]]}`)
    expect(answer).toMatchObject({
      kind: 'answered',
      calls: [{ origin: 'shop', outcome: 'done' }, { outcome: 'refused' }],
      missing: [{ name: 'away' }],
      taintedBy: ['shop'],
    })
    expect(shop.requests.filter(({ stage }) => stage === 'call')).toEqual([
      { stage: 'call', target: 'query' },
    ])
  })

  it('are told when the caller gives up', async () => {
    const { shop, orchestrator } = shopAndAway()
    await using _open = orchestrator
    shop.fail('call', 'hang')
    const caller = new AbortController()
    const model = modelOf(() => {
      setImmediate(() => caller.abort(new Error('given up')))
      return calls(['shop__query', { sql: 'SELECT 1' }])
    })

    const run = createToolAgent({ model, tools: [mcpTools(orchestrator, { servers: ['shop'] })] })
    const failure = await run
      .ask('How many?', { signal: caller.signal })
      .answer.catch((error: unknown) => error)

    expect(failure).toMatchObject({ message: 'given up' })
    expect(orchestrator.getStatus().servers[0]?.inFlight ?? 0).toBe(0)
  })
})
