import { ModelError, OptionInvalidError, type ModelReply } from '@t2t/llm-sql'
import { createToolAgent, type ToolAgentOptions, type ToolEvent } from '@t2t/llm-sql/tools'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calls, modelOf, sourceOf, tool } from '../support/tools.ts'

function agent(
  model: ToolAgentOptions['model'],
  tools: readonly ReturnType<typeof tool>[],
  more: Partial<ToolAgentOptions> = {},
) {
  const rules = { '*': { whenTainted: 'allow' } } as const
  return createToolAgent({ model, tools: [sourceOf(...tools)], rules, ...more })
}

describe('an agent with tools', () => {
  it('calls what the model wants, shows it the results, and gives its answer', async () => {
    const look = tool('look', 'It rains.')
    const model = modelOf(calls(['look', { text: 'Lisbon' }]), 'Take an umbrella.')

    const answer = await agent(model, [look]).ask('How is the weather?').answer

    expect(answer).toMatchObject({
      kind: 'answered',
      text: 'Take an umbrella.',
      hops: 1,
      calls: [{ hop: 1, tool: 'look', origin: 'look', outcome: 'done' }],
      taintedBy: ['look'],
      missing: [],
      usage: { modelCalls: 2 },
    })
    expect(look.inputs).toEqual([{ text: 'Lisbon' }])
    expect(model.requests[1]?.messages.slice(2)).toMatchObject([
      { role: 'assistant', toolCalls: [{ id: 'c0', name: 'look' }] },
      { role: 'tool', content: expect.stringContaining('It rains.'), toolCall: { id: 'c0' } },
    ])
  })

  it('makes the calls of one reply at the same time, and one that fails does not touch the others', async () => {
    const bothRun = Promise.withResolvers<undefined>()
    let running = 0
    const meet = async () => {
      running += 1
      if (running === 2) bothRun.resolve(undefined)
      await bothRun.promise
      return { text: 'met', isError: false }
    }
    const broken = tool('broken', () => Promise.reject(new Error('secret words')))
    const model = modelOf(calls(['one'], ['broken'], ['two']), 'Both were there.')

    const answer = await agent(model, [tool('one', meet), tool('two', meet), broken]).ask('Who?')
      .answer

    expect(answer.calls.map(({ outcome }) => outcome)).toEqual(['done', 'tool-failed', 'done'])
    expect(answer.kind).toBe('answered')
    expect(JSON.stringify(model.requests)).not.toContain('secret words')
  })

  it('gives each of several calls with one id an id of its own', async () => {
    const reply: ModelReply = {
      text: '',
      finishReason: 'tool-calls',
      toolCalls: [
        { id: 'x', name: 'look', input: { text: 'a' } },
        { id: 'x', name: 'look', input: { text: 'b' } },
        { id: '', name: 'look', input: { text: 'c' } },
      ],
    }
    const model = modelOf(reply, 'Done.')

    await agent(model, [
      tool('look', async ({ text }) => ({ text: `saw ${String(text)}`, isError: false })),
    ]).ask('What?').answer

    const messages = model.requests[1]?.messages ?? []
    const ids = messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id))
    const results = messages.filter(({ role }) => role === 'tool')
    expect(new Set(ids).size).toBe(3)
    expect(results.map(({ toolCall }) => toolCall?.id)).toEqual(ids)
    expect(results.map(({ content }) => /saw (.)/.exec(content)?.[1])).toEqual(['a', 'b', 'c'])
  })

  it('ends a call at its deadline, and the tool is told', async () => {
    const clock = createFakeClock()
    const started = Promise.withResolvers<AbortSignal>()
    const slow = tool('slow', (_input, signal) => {
      started.resolve(signal)
      return new Promise(() => {})
    })
    const model = modelOf(calls(['slow']), 'It took too long.')

    const run = agent(model, [slow], { clock, toolTimeoutMs: 5_000 }).ask('What?')
    const signal = await started.promise
    await clock.advance(5_000)
    const answer = await run.answer

    expect(signal.aborted).toBe(true)
    expect(answer).toMatchObject({ kind: 'answered', calls: [{ outcome: 'timed-out' }] })
  })

  it('ends at the deadline of the question, says what it did until then, and tells nothing after', async () => {
    const clock = createFakeClock()
    const asked = Promise.withResolvers<AbortSignal>()
    const heard: ToolEvent[] = []
    const silent = modelOf(calls(['look']), (_request, signal) => {
      asked.resolve(signal)
      return new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    })

    const options = { clock, timeoutMs: 9_000, onEvent: (event: ToolEvent) => heard.push(event) }
    const run = agent(silent, [tool('look')], options).ask('What?')
    const signal = await asked.promise
    await clock.advance(9_000)
    const answer = await run.answer

    expect(signal.aborted).toBe(true)
    expect(answer).toMatchObject({
      kind: 'failed',
      code: 'timed-out',
      hops: 1,
      calls: [{ tool: 'look', outcome: 'done' }],
    })
    expect(heard.at(-1)?.type).toBe('question-answered')
  })

  it('ends with the reason of the caller, and every tool is told', async () => {
    const started = Promise.withResolvers<AbortSignal>()
    const slow = tool('slow', (_input, signal) => {
      started.resolve(signal)
      return new Promise(() => {})
    })
    const caller = new AbortController()
    const reason = new Error('given up')

    const run = agent(modelOf(calls(['slow'])), [slow]).ask('What?', { signal: caller.signal })
    const failure = run.answer.catch((error: unknown) => error)
    const signal = await started.promise
    caller.abort(reason)

    expect(await failure).toBe(reason)
    expect(signal.aborted).toBe(true)
    expect(
      await agent(modelOf('x'), [slow])
        .ask('What?', { signal: caller.signal })
        .answer.catch((error: unknown) => error),
    ).toBe(reason)
  })

  it('ends after so many hops', async () => {
    const endless = modelOf(({ messages }) => calls(['look', { text: String(messages.length) }]))
    const look = tool('look')

    const answer = await agent(endless, [look]).ask('What?').answer

    expect(answer).toMatchObject({ kind: 'failed', code: 'hops-exhausted', hops: 8 })
    expect(look.inputs).toHaveLength(8)
  })

  it('makes no call twice, and ends when nothing else is wanted', async () => {
    const look = tool('look')

    const answer = await agent(modelOf(calls(['look', { text: 'a' }])), [look]).ask('What?').answer

    expect(answer).toMatchObject({
      kind: 'failed',
      code: 'no-progress',
      calls: [{ outcome: 'done' }, { outcome: 'repeated' }, { outcome: 'repeated' }],
    })
    expect(look.inputs).toHaveLength(1)
  })

  it('shows so many bytes of a result, and says that there was more', async () => {
    const model = modelOf(calls(['look']), 'Long.')

    const run = agent(model, [tool('look', 'ä'.repeat(100))], { maxResultBytes: 9 }).ask('What?')
    const events: ToolEvent[] = await Array.fromAsync(run)

    const shown = model.requests[1]?.messages.at(-1)?.content ?? ''
    expect(shown).toContain('\nääää\n')
    expect(shown).toContain('was cut off here')
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'tool-called', bytes: 9, isTruncated: true }),
    )
  })

  it('makes only so many calls of one reply', async () => {
    const look = tool('look')
    const many = calls(...['a', 'b', 'c'].map((text) => ['look', { text }] as const))

    const answer = await agent(modelOf(many, 'Done.'), [look], { maxCallsPerHop: 2 }).ask('What?')
      .answer

    expect(answer.calls.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'left-out'])
    expect(look.inputs).toHaveLength(2)
  })

  it.for([
    ['an unknown tool', calls(['shell', { command: 'ls' }]), 'tool-unknown', 'There are: look.'],
    [
      'arguments that are no JSON object',
      { ...calls(), toolCalls: [{ id: 'a', name: 'look', input: undefined }] },
      'input-invalid',
      'one JSON object',
    ],
    ['a missing argument', calls(['look', {}]), 'input-invalid', 'text is missing'],
    ['an argument of another type', calls(['look', { text: 7 }]), 'input-invalid', 'type string'],
    ['an argument too many', calls(['look', { text: 'a', more: 1 }]), 'input-invalid', 'too many'],
  ] as const)('tells the model of %s, and goes on', async ([, reply, outcome, told]) => {
    const schema = {
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
      additionalProperties: false,
    }
    const look = tool('look', 'x', { inputSchema: schema })
    const model = modelOf(reply, 'Sorry.')

    const answer = await agent(model, [look]).ask('What?').answer

    expect(answer).toMatchObject({ kind: 'answered', text: 'Sorry.', calls: [{ outcome }] })
    expect(model.requests[1]?.messages.at(-1)?.content).toContain(told)
    expect(look.inputs).toEqual([])
  })

  it('asks once more for a reply that cannot be used', async () => {
    const unusable = new ModelError('LLM_SQL_MODEL_REPLY_INVALID', 'Empty.', { retryable: true })

    const once = await agent(modelOf(unusable, 'Here.'), [tool('look')]).ask('What?').answer
    const twice = await agent(modelOf(unusable), [tool('look')]).ask('What?').answer

    expect(once).toMatchObject({ kind: 'answered', text: 'Here.', usage: { modelCalls: 2 } })
    expect(twice).toMatchObject({ kind: 'failed', code: 'model-failed', message: 'Empty.' })
  })

  it.for([
    [
      new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'Away.', { retryable: true }),
      { code: 'model-failed', message: 'Away.' },
    ],
    [new Error('secret'), { code: 'model-failed', message: 'The model could not be called.' }],
    [{ text: '', finishReason: 'refused' }, { kind: 'declined' }],
    [
      { text: 'It is', finishReason: 'length' },
      { kind: 'answered', isTruncated: true },
    ],
  ] as const)('ends in an answer when the model gives %o', async ([reply, expected]) => {
    expect(await agent(modelOf(reply), [tool('look')]).ask('What?').answer).toMatchObject(expected)
  })

  it('names sources that gave no tools, and works with the others', async () => {
    const away = () => Promise.reject(new Error('secret'))
    const model = modelOf('Fine.')
    const options = { model, tools: [away, sourceOf(tool('look'))] }

    const answer = await createToolAgent(options).ask('What?').answer
    const none = await createToolAgent({ model, tools: [away] }).ask('What?').answer

    expect(answer).toMatchObject({
      kind: 'answered',
      missing: [{ name: 'tools 1', reason: 'The tools could not be listed.' }],
    })
    expect(none).toMatchObject({ kind: 'failed', code: 'tools-missing' })
  })

  it('tells what happens without inputs and results, and a listener that throws changes nothing', async () => {
    const model = modelOf(calls(['look', { text: 'private' }]), 'Done.')
    const onEvent = (): never => {
      throw new Error('from the listener')
    }

    const run = agent(model, [tool('look', 'confidential')], { onEvent }).ask('What?')
    const events = await Array.fromAsync(run)

    expect(events.map(({ type }) => type)).toEqual([
      'tools-listed',
      'model-called',
      'tool-called',
      'context-tainted',
      'model-called',
      'question-answered',
    ])
    expect(JSON.stringify(events)).not.toMatch(/private|confidential/)
    expect((await run.answer).kind).toBe('answered')
  })

  it('shortens names that providers do not accept, and finds the tool again', async () => {
    const odd = tool(`shop__über/${'x'.repeat(80)}`, 'found')
    const model = modelOf(({ tools }) => calls([tools?.[0]?.name ?? '']), 'Done.')

    const answer = await agent(model, [odd]).ask('What?').answer

    expect(model.requests[0]?.tools?.[0]?.name).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    expect(answer.calls).toMatchObject([{ tool: odd.name, outcome: 'done' }])
  })

  it.for([
    { maxToolHops: 0 },
    { maxCallsPerHop: 1.5 },
    { maxResultBytes: -1 },
    { maxOutputTokens: Number.NaN },
    { toolTimeoutMs: 0 },
    { timeoutMs: Number.NaN },
    { rules: { 'a*b': {} } },
  ] as const)('does not take %o', (options) => {
    expect(() => agent(modelOf('x'), [], options)).toThrow(OptionInvalidError)
  })

  it('does not take a model that does not say that it calls tools', () => {
    const { capabilities: _none, ...model } = modelOf('x')

    expect(() => createToolAgent({ model, tools: [] })).toThrow(OptionInvalidError)
  })
})
