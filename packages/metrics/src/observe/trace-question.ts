import type { AnswerRun, AssistantEvent } from '@t2t/llm-sql'
import { otelLabel } from '../catalogue/otel-names.ts'
import { type Clock, systemClock } from '../clock/clock.ts'
import { ignoreUnknown } from './quietly.ts'

/** Attributes of a span, as OpenTelemetry takes them. */
export type SpanAttributes = Record<string, string | number | boolean | string[]>

/** What is used of a tracer of `@opentelemetry/api`; any version of it fits. */
export interface OpenTelemetryTracer {
  startActiveSpan<Value>(name: string, work: (span: OpenTelemetrySpan) => Value): Value
  startSpan(
    name: string,
    options: { startTime: number; attributes: SpanAttributes },
  ): OpenTelemetrySpan
}

/** What is used of a span of `@opentelemetry/api`. */
export interface OpenTelemetrySpan {
  setAttributes(attributes: SpanAttributes): unknown
  setStatus(status: { code: number }): unknown
  addEvent(name: string, attributes: SpanAttributes): unknown
  end(endTime?: number): void
}

/** Options for {@link traceQuestion}. */
export interface TraceQuestionOptions {
  /** Name of the database, for the attribute `db.namespace`. */
  readonly database?: string | undefined
  /** @defaultValue `systemClock` */
  readonly clock?: Clock | undefined
}

/** `SpanStatusCode.ERROR` of OpenTelemetry. */
const errorStatus = 2

/**
 * Puts a span around the answering of one question, with a span inside for each step.
 *
 * The run is started inside of the span, so that spans of instrumented clients (HTTP, databases)
 * become part of it. It is given back as it is: its answer and its events are untouched. Spans
 * hold no question, no SQL and no rows.
 *
 * @example
 * ```ts
 * import { trace } from '@opentelemetry/api'
 * import type { SqlAssistant } from '@t2t/llm-sql'
 * import { traceQuestion } from '@t2t/metrics/llm-sql'
 *
 * const tracer = trace.getTracer('t2t')
 * export async function answer(assistant: SqlAssistant, question: string) {
 *   return traceQuestion(tracer, () => assistant.ask(question)).answer
 * }
 * ```
 */
export function traceQuestion(
  tracer: OpenTelemetryTracer,
  ask: () => AnswerRun,
  options: TraceQuestionOptions = {},
): AnswerRun {
  const { database, clock = systemClock } = options
  return tracer.startActiveSpan('answer question', (span) => {
    if (database !== undefined) span.setAttributes({ [otelLabel.databaseName]: database })
    const run = ask()
    // Nothing that goes wrong with a span may reach the answer.
    watch(run, tracer, span, clock).catch(() => undefined)
    return run
  })
}

async function watch(
  run: AnswerRun,
  tracer: OpenTelemetryTracer,
  span: OpenTelemetrySpan,
  clock: Clock,
): Promise<void> {
  try {
    for await (const event of run) add(event, tracer, span, clock.now())
    const { kind } = await run.answer
    span.setAttributes({ 't2t.outcome': kind })
    if (kind === 'failed') span.setStatus({ code: errorStatus })
  } catch {
    span.setAttributes({ 't2t.outcome': 'aborted' })
  } finally {
    span.end()
  }
}

function add(
  event: AssistantEvent,
  tracer: OpenTelemetryTracer,
  root: OpenTelemetrySpan,
  now: number,
): void {
  /** Events come when a step is over, so that its span begins in the past. */
  const step = (
    name: string,
    durationMs: number,
    attributes: SpanAttributes,
    isFailed = false,
  ): void => {
    const span = tracer.startSpan(name, { startTime: now - durationMs, attributes })
    if (isFailed) span.setStatus({ code: errorStatus })
    span.end(now)
  }

  switch (event.type) {
    case 'context-gathered':
      step('gather context', event.durationMs, {
        't2t.tables': event.tables,
        't2t.sources': event.sources,
        't2t.sources.missing': event.missing,
      })
      return
    case 'entities-resolved':
      root.addEvent('entities resolved', { 't2t.entities': event.entities.length })
      return
    case 'sql-drafted':
      step('draft sql', event.durationMs, {
        't2t.attempt': event.attempt,
        't2t.generator': event.generator,
      })
      return
    case 'sql-checked':
      root.addEvent('sql checked', {
        't2t.attempt': event.attempt,
        't2t.outcome': event.verdict,
        't2t.rules': [...event.codes],
      })
      return
    case 'rows-read':
      step('read rows', event.durationMs, {
        't2t.rows': event.rows,
        't2t.truncated': event.isTruncated,
      })
      return
    case 'model-called': {
      const { inputTokens, outputTokens } = event
      const attributes = {
        [otelLabel.modelOperation]: 'chat',
        [otelLabel.modelName]: event.model,
        ...(inputTokens === undefined ? {} : { 'gen_ai.usage.input_tokens': inputTokens }),
        ...(outputTokens === undefined ? {} : { 'gen_ai.usage.output_tokens': outputTokens }),
      }
      step(`chat ${event.model}`, event.durationMs, attributes, event.outcome === 'failed')
      return
    }
    case 'question-answered':
      return
    default:
      ignoreUnknown(event)
  }
}
