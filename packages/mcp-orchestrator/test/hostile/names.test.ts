import { cleanText, createOrchestrator, splitToolName } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { toFunctionTools } from '@t2t/mcp-orchestrator/tools'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

const answer = () => ({ isError: false, text: 'ok' })

/** The tools of one server, by these names. */
function toolsOf(...names: readonly string[]) {
  const { server } = notesServer('notes', { tools: names.map((name) => ({ name, answer })) })
  return orchestrate([server]).orchestrator
}

describe('the name of a tool', () => {
  it.for(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'may be %s, which every object has already',
    async (tool) => {
      const orchestrator = toolsOf(tool)

      const { tools } = await orchestrator.listTools()
      const outcome = await orchestrator.callTool({ server: 'notes', tool, input: {} })

      expect(tools.map((one) => one.tool)).toEqual([tool])
      expect(outcome).toMatchObject({ kind: 'result', text: 'ok' })
    },
  )

  it('is read in one way only, whatever underscores servers and tools have', async () => {
    const names = [
      ['a_b', 'c'],
      ['a', 'b__c'],
      ['a', '_b'],
      ['a', '__b'],
    ] as const
    for (const [server, tool] of names) {
      expect(splitToolName(`${server}__${tool}`)).toEqual({ server, tool })
    }
    for (const name of ['a__b', 'a_', '_a', 'a__']) {
      const server = { name, priority: 1, connector: scriptedConnector() }
      expect(() => createOrchestrator({ servers: [server] })).toThrow('name must be')
    }
  })

  it.for([
    ['quеry', 'with a Cyrillic letter'],
    ['сору', 'of Cyrillic letters alone'],
    ['query_асе', 'with a word of Cyrillic letters'],
    ['ΟΡΕΝ', 'of Greek letters alone'],
    ['ｑuery', 'with a letter of full width'],
    ['ｑｕｅｒｙ', 'of letters of full width alone'],
    ['𝗊uery', 'with a letter of formulas'],
    ['qսery', 'with an Armenian letter'],
  ] as const)('%s, %s, is marked', async ([tool]) => {
    const { tools } = await toolsOf(tool).listTools()

    expect(tools).toMatchObject([{ tool, hasLookalikes: true }])
  })

  it.for(['query', 'abfrage_für_größe', 'запрос', 'ερώτηση', '查询', 'run_2'])(
    '%s is not marked',
    async (tool) => {
      const [listed] = (await toolsOf(tool).listTools()).tools

      expect(listed).not.toHaveProperty('hasLookalikes')
    },
  )
})

describe('names for functions of a model', () => {
  it('are never shared, not even by a tool that is named like the short form of another', async () => {
    const long = 'x'.repeat(100)
    const [shortened] = toFunctionTools((await toolsOf(long).listTools()).tools).tools
    const imitator = shortened?.function.name.replace('notes__', '') ?? ''
    const { tools } = await toolsOf(imitator, long).listTools()

    for (const order of [tools, tools.toReversed()]) {
      const functions = toFunctionTools(order)
      const read = functions.tools.map(({ function: { name } }) =>
        functions.readCall({ function: { name, arguments: '{}' } }),
      )
      expect(new Set(read.map((one) => one.kind === 'call' && one.call.tool))).toEqual(
        new Set([imitator, long]),
      )
      expect(functions.tools.every((one) => one.function.name.length <= 64)).toBe(true)
    }
  })

  it('have an answer also for a result that is too deep to be written down', () => {
    let structured: Record<string, unknown> = {}
    for (let level = 0; level < 100_000; level++) structured = { inner: structured }
    const outcome = {
      kind: 'result',
      server: 'a',
      tool: 'b',
      isError: false,
      text: '',
      structured,
    } as const

    const { content } = toFunctionTools([]).toMessage(
      { function: { name: 'a__b', arguments: '{}' } },
      outcome,
    )

    expect(content).toBe('The tool answered with something that cannot be written down.')
  })
})

describe('a text', () => {
  it.for([
    '\u3164',
    '\uffa0',
    '\u115f',
    '\u034f',
    '\u17b4',
    '\u180b',
    '\ufe00',
    '\ufe0f',
    '\u2065',
    '\ufff0',
    '\u{e0100}',
    '\u{e0fff}',
    '\u{1d173}',
  ])('loses %j, which nobody sees', (character) => {
    expect(cleanText(`or${character}ders`)).toEqual({ text: 'orders', isCleaned: true })
  })

  it('keeps how an emoji looks, once', () => {
    expect(cleanText('❤\ufe0f')).toEqual({ text: '❤\ufe0f', isCleaned: false })
    expect(cleanText('❤\ufe0f\ufe0e\ufe0f').text).toBe('❤\ufe0f')
  })
})
