import { openAiModel } from '@t2t/llm-sql/openai'
import { createToolAgent } from '@t2t/llm-sql/tools'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { startModelServer } from '../support/model-server.ts'
import { toolFailures } from '../support/tool-failures.ts'
import { sourceOf, tool } from '../support/tools.ts'

const inputSchema = {
  type: 'object',
  properties: { text: { type: 'string' } },
  required: ['text'],
}

describe('an agent with tools', () => {
  it.for(toolFailures)('$situation', async ({ script, calls, answer, timeoutMs }) => {
    await using server = await startModelServer(...script)
    const clock = createFakeClock({ advancesItself: false })
    server.onSilence(() => void clock.advance(60))
    const isReadOnly = true
    const write = tool('write')
    const agent = createToolAgent({
      model: openAiModel({ baseUrl: server.baseUrl, model: 'm', apiKey: 'sk-secret' }),
      tools: [
        sourceOf(
          tool('look', 'seven', { inputSchema, isReadOnly }),
          tool('broken', async () => ({ text: 'It broke.', isError: true }), { isReadOnly }),
          tool(
            'silent',
            () => {
              setImmediate(() => void clock.advance(50))
              return new Promise(() => {})
            },
            { isReadOnly },
          ),
          write,
        ),
      ],
      toolTimeoutMs: 50,
      clock,
      timeoutMs,
    })

    const given = await agent.ask('How many orders are there?').answer

    expect(given.kind === 'failed' ? `failed: ${given.code}` : given.kind).toBe(answer)
    expect(given.calls.map(({ outcome }) => outcome)).toEqual(calls)
    expect(write.inputs).toEqual([])
    expect(JSON.stringify(given)).not.toContain('sk-secret')
    expect(server.requests.length).toBeLessThanOrEqual(9)
  })
})
