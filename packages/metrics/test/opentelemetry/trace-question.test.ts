import { setImmediate } from 'node:timers/promises'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Answer, AnswerRun, AssistantEvent } from '@t2t/llm-sql'
import { traceQuestion } from '@t2t/metrics/llm-sql'
import { createFakeClock } from '@t2t/metrics/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const base = { question: 'secret', entities: [], sources: [], missing: [] }
const clarify: Answer = { ...base, kind: 'clarify', ask: 'Which?', choices: [] }
const failed: Answer = { ...base, kind: 'failed', code: 'model-failed', message: 'No.' }
const drafted: AssistantEvent = {
  type: 'sql-drafted',
  attempt: 1,
  sql: "SELECT 'secret'",
  generator: 'offline',
  durationMs: 40,
}
const called: AssistantEvent = {
  type: 'model-called',
  model: 'openai:gpt-x',
  outcome: 'failed',
  durationMs: 30,
  inputTokens: 9,
}
const checked: AssistantEvent = {
  type: 'sql-checked',
  attempt: 1,
  verdict: 'refused',
  codes: ['table-refused'],
}

function runOf(answer: Promise<Answer>, events: readonly AssistantEvent[] = []): AnswerRun {
  answer.catch(() => undefined)
  return {
    answer,
    async *[Symbol.asyncIterator]() {
      yield* events
      await answer.catch(() => undefined)
    },
  }
}

describe('a traced question', () => {
  const exporter = new InMemorySpanExporter()
  const tracer = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  }).getTracer('t2t')
  const clock = createFakeClock()

  beforeAll(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  })
  afterAll(() => context.disable())

  /** Traces a run to its end, and gives the spans by name. */
  async function spansOf(ask: () => AnswerRun): Promise<ReturnType<typeof byName>> {
    exporter.reset()
    await traceQuestion(tracer, ask, { database: 'shop', clock }).answer.catch(() => undefined)
    await setImmediate()
    return byName()
  }
  function byName() {
    return Object.fromEntries(exporter.getFinishedSpans().map((span) => [span.name, span]))
  }

  it('is a span with one inside for each step', async () => {
    const spans = await spansOf(() => runOf(Promise.resolve(clarify), [drafted, called, checked]))

    const root = spans['answer question']
    expect(Object.keys(spans)).toEqual(['draft sql', 'chat openai:gpt-x', 'answer question'])
    expect(root?.attributes).toEqual({ 'db.namespace': 'shop', 't2t.outcome': 'clarify' })
    expect(root?.events.map(({ name }) => name)).toEqual(['sql checked'])
    for (const name of ['draft sql', 'chat openai:gpt-x']) {
      expect(spans[name]?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId)
    }
    expect(spans['draft sql']?.duration).toEqual([0, 40_000_000])
    expect(spans['chat openai:gpt-x']?.status.code).toBe(2)
  })

  it('holds neither the question nor SQL', async () => {
    const spans = await spansOf(() => runOf(Promise.resolve(clarify), [drafted, checked]))

    const told = Object.values(spans).map(({ name, attributes, events }) => [
      name,
      attributes,
      events,
    ])
    expect(JSON.stringify(told)).not.toContain('secret')
  })

  it('starts the run inside of the span, so that its clients join the trace', async () => {
    let seen: string | undefined
    const spans = await spansOf(() => {
      seen = trace.getActiveSpan()?.spanContext().spanId
      return runOf(Promise.resolve(clarify))
    })

    expect(seen).toBe(spans['answer question']?.spanContext().spanId)
  })

  it('has an error status when the question failed', async () => {
    const spans = await spansOf(() => runOf(Promise.resolve(failed)))

    expect(spans['answer question']?.status.code).toBe(2)
  })

  it('ends when the caller aborts, whose reason reaches the caller untouched', async () => {
    const reason = new Error('left')
    const run = traceQuestion(tracer, () => runOf(Promise.reject(reason)), { clock })

    await expect(run.answer).rejects.toBe(reason)
    const spans = await spansOf(() => runOf(Promise.reject(reason)))
    expect(spans['answer question']?.attributes['t2t.outcome']).toBe('aborted')
  })
})
