import { fromFunctionTool, toFunctionTools } from '@t2t/mcp-orchestrator/tools'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

async function functionsOf(...names: readonly string[]) {
  const inputSchema = { type: 'object', properties: { q: { type: 'string' } } }
  const { server } = notesServer('notes', {
    tools: names.map((name) => ({
      name,
      description: `Does ${name}.`,
      inputSchema,
      answer: ({ q }) => ({ isError: false, text: `${name} ${String(q)}` }),
    })),
  })
  const { orchestrator } = orchestrate([server])
  return { orchestrator, functions: toFunctionTools((await orchestrator.listTools()).tools) }
}

describe('tools as functions of a model', () => {
  it('keep name, description and schema', async () => {
    const { functions } = await functionsOf('search')

    expect(functions.tools).toEqual([
      {
        type: 'function',
        function: {
          name: 'notes__search',
          description: 'Does search.',
          parameters: { type: 'object', properties: { q: { type: 'string' } } },
        },
      },
    ])
  })

  it('are called as the model says', async () => {
    const { orchestrator, functions } = await functionsOf('search')
    const call = { id: 'c1', function: { name: 'notes__search', arguments: '{"q":"rain"}' } }

    const read = functions.readCall(call)
    if (read.kind !== 'call') throw new Error(read.message)
    const outcome = await orchestrator.callTool(read.call)

    expect(functions.toMessage(call, outcome)).toEqual({
      role: 'tool',
      tool_call_id: 'c1',
      content: 'search rain',
    })
  })

  it('have names that models accept, and are found again by them', async () => {
    const long = `query.${'x'.repeat(80)}`
    const { functions } = await functionsOf(long, `${long}y`)

    const names = functions.tools.map(({ function: { name } }) => name)
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    expect(functions.readCall({ function: { name: names[0] ?? '', arguments: '' } })).toEqual({
      kind: 'call',
      call: { server: 'notes', tool: long, input: {} },
    })
  })

  it.for([
    ['nothing', '{}', 'There is no tool of that name.'],
    ['notes__search', '{"q":', 'The arguments must be a JSON object.'],
    ['notes__search', '[1]', 'The arguments must be a JSON object.'],
    ['notes__search', 'null', 'The arguments must be a JSON object.'],
  ] as const)('%s called with %s is told to the model', async ([name, json, message]) => {
    const { functions } = await functionsOf('search')

    expect(functions.readCall({ function: { name, arguments: json } })).toEqual({
      kind: 'invalid',
      message,
    })
  })

  it('answer with their structure when they give no text, and with the failure when they fail', async () => {
    const { functions } = await functionsOf('search')
    const call = { id: 'c1', function: { name: 'notes__search', arguments: '{}' } }
    const place = { server: 'notes', tool: 'search' }
    const contentOf = (outcome: Parameters<typeof functions.toMessage>[1], maxLength?: number) =>
      functions.toMessage(call, outcome, maxLength).content

    expect(
      contentOf({ kind: 'result', ...place, isError: false, text: '', structured: { rows: 2 } }),
    ).toBe('{"rows":2}')
    expect(contentOf({ kind: 'result', ...place, isError: false, text: 'x'.repeat(9) }, 3)).toBe(
      'xxx',
    )
    expect(
      contentOf({
        kind: 'failed',
        failure: { server: 'notes', stage: 'call', kind: 'timeout', message: 'Too late.' },
      }),
    ).toBe('The tool did not answer: Too late.')
  })

  it('are made to tools again', async () => {
    const { functions } = await functionsOf('search')
    const [first] = functions.tools
    if (first === undefined) throw new Error('None.')

    expect(fromFunctionTool(first)).toEqual({
      name: 'notes__search',
      description: 'Does search.',
      inputSchema: { type: 'object', properties: { q: { type: 'string' } } },
    })
  })
})
