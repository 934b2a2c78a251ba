import { createSqlAssistant, modelGenerator, type SqlAssistantOptions } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { scriptedModel, type ScriptedReply } from '@t2t/llm-sql/testing'
import { createFakeClock } from '@t2t/resilience/testing'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)
const count = 'SELECT COUNT(*) FROM orders'

function asking(
  script: readonly [ScriptedReply, ...ScriptedReply[]],
  options: Partial<SqlAssistantOptions> = {},
) {
  const model = scriptedModel(script)
  const assistant = createSqlAssistant({
    context: async () => contextOf(catalog),
    guard: (known) => createSqlGuard({ dialect: sqlite(), policy: definePolicy(), catalog: known }),
    run: runnerOn(database),
    generator: modelGenerator({ model, createId: () => 'b' }),
    today,
    ...options,
  })
  const prompts = (): readonly string[] =>
    model.requests.map(({ messages }) => messages.at(-1)?.content ?? '')
  return { run: () => assistant.ask('How many orders are there?').answer, prompts, model }
}

describe('a generator with a model', () => {
  it.for([
    [{ text: 'SELECT COUNT(*) FR', finishReason: 'length' }, 'was cut off'],
    ['<think>SELECT', 'finished thinking'],
    ['There are many.', 'held no statement'],
    [
      { text: '', finishReason: 'tool-calls', toolCalls: [{ id: 'a', name: 'x', input: {} }] },
      'There are no tools here',
    ],
  ] as const)('asks once more after %o, and says what was wrong', async ([reply, hint]) => {
    const { run, prompts } = asking([reply, count])

    const answer = await run()

    expect(answer).toMatchObject({ kind: 'answered', rows: [[7]], usage: { modelCalls: 2 } })
    expect(prompts()[0]).not.toContain(hint)
    expect(prompts()[1]).toContain(hint)
    expect(prompts()[1]?.startsWith(prompts()[0] ?? '')).toBe(true)
  })

  it('does not ask a third time', async () => {
    const { run, model } = asking(['There are many.'])

    expect(await run()).toMatchObject({ kind: 'failed', code: 'model-failed' })
    expect(model.requests).toHaveLength(2)
  })

  it.for([
    ['SELECT zebra FROM orders', 'A column does not exist'],
    ['SELECT * FROM zebras', 'Use only the tables of the schema'],
    ['SELECT FROM WHERE', 'could not be read'],
  ] as const)('tells of %s by its class, with all definitions', async ([wrong, hint]) => {
    const { run, prompts, model } = asking([wrong, count])

    await run()

    expect(prompts()[1]).toContain(hint)
    expect(model.requests[1]?.messages[0]?.content).toContain('"sales" means')
  })
})

describe('an assistant whose model is away', () => {
  it('says so at once', async () => {
    const { run, model } = asking([new Error('away')])

    expect(await run()).toMatchObject({
      kind: 'failed',
      code: 'model-failed',
      message: 'The model could not be called.',
      usage: { modelCalls: 1 },
    })
    expect(model.requests).toHaveLength(1)
  })

  it('reads the question without it where that is allowed, and says so', async () => {
    const { run } = asking([new Error('away')], { fallback: offlineGenerator() })

    expect(await run()).toMatchObject({
      kind: 'answered',
      rows: [[7]],
      explanation: expect.stringMatching(/^The model did not answer, so .* without it\. /),
      receipt: { generator: 'offline' },
    })
  })

  it('fails when the fallback does too', async () => {
    const { run } = asking([new Error('away')], {
      fallback: { name: 'none', draft: () => Promise.reject(new Error('no')) },
    })

    expect(await run()).toMatchObject({ kind: 'failed', code: 'model-failed' })
  })
})

describe('a deadline', () => {
  it('ends a question whose model does not answer, and everything under way', async () => {
    let seen: AbortSignal | undefined
    const clock = createFakeClock({ advancesItself: false })
    const silent: ScriptedReply = (_request, signal) => {
      seen = signal
      setImmediate(() => void clock.advance(20_000))
      return new Promise<never>(() => {})
    }
    const { run } = asking([silent], { timeoutMs: 20_000, clock })

    const answer = await run()

    expect(answer).toMatchObject({
      kind: 'failed',
      code: 'timed-out',
      message: 'There was no answer within 20000 ms.',
      entities: [{ term: 'orders' }],
    })
    expect(seen?.aborted).toBe(true)
  })

  it('must be a number above 0', () => {
    expect(() => asking([count], { timeoutMs: 0 })).toThrow('timeoutMs must be a number above 0')
  })
})
