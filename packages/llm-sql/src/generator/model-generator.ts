import { isLlmSqlError, ModelError } from '../errors/errors.ts'
import type { Model, ModelReply } from '../model/model.ts'
import { coverageOf } from '../steps/coverage.ts'
import type { Draft, DraftRequest, SqlGenerator } from './generator.ts'
import { parseReply } from './parse-reply.ts'
import { promptFor } from './prompt.ts'

/** Options for {@link modelGenerator}. */
export interface ModelGeneratorOptions {
  readonly model: Model
  /**
   * Upper bound for a reply, in tokens.
   * @defaultValue 1024
   */
  readonly maxOutputTokens?: number | undefined
  /**
   * Gives the boundary of the prompt's fences, once; it must not be guessable.
   * @defaultValue random
   */
  readonly createId?: (() => string) | undefined
}

/**
 * Creates a generator that asks a language model for the statement.
 *
 * The prompt holds what the caller may see of the catalog and the metadata, today's date, what the
 * question's phrases were resolved to and the question. The reply is searched for a statement or
 * for a question back.
 *
 * Its confidence is 0.4 plus up to 0.5 for the share of the question's weighty words that are
 * known from the schema, the data and the metadata; a model's own claim has no part in it.
 *
 * @example
 * ```ts
 * import { modelGenerator } from '@t2t/llm-sql'
 * import { openAiModel } from '@t2t/llm-sql/openai'
 *
 * const generator = modelGenerator({
 *   model: openAiModel({ baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3' }),
 * })
 * ```
 */
export function modelGenerator(options: ModelGeneratorOptions): SqlGenerator {
  const { model, maxOutputTokens = 1024, createId = () => globalThis.crypto.randomUUID() } = options
  const boundary = createId()

  return {
    name: model.name,
    draft: async (request, signal) => {
      const messages = promptFor(request, boundary)
      const reply = await call(
        model,
        { messages, maxOutputTokens, temperature: 0 },
        request,
        signal,
      )
      return draftFrom(reply, request)
    },
  }
}

async function call(
  model: Model,
  modelRequest: Parameters<Model['complete']>[0],
  { onModelCalled }: DraftRequest,
  signal: AbortSignal,
): Promise<ModelReply> {
  const start = performance.now()
  const report = (outcome: 'ok' | 'failed', usage?: ModelReply['usage']): void =>
    onModelCalled?.({ model: model.name, outcome, durationMs: performance.now() - start, ...usage })
  try {
    const reply = await model.complete(modelRequest, signal)
    report('ok', reply.usage)
    return reply
  } catch (error) {
    report('failed')
    signal.throwIfAborted()
    if (isLlmSqlError(error)) throw error
    throw new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'The model could not be called.', {
      retryable: false,
      cause: error,
    })
  }
}

function draftFrom({ text, finishReason }: ModelReply, { question }: DraftRequest): Draft {
  if (finishReason === 'refused')
    return {
      kind: 'cannot',
      ask: 'The model declined this question. Can it be put differently?',
      choices: [],
    }
  const parsed = parseReply(text)
  if (parsed.kind === 'ask') return { kind: 'cannot', ask: parsed.ask, choices: [] }
  const isCutOff = finishReason === 'length' && !/```\s*$/.test(text)
  if (parsed.kind === 'nothing' || isCutOff) {
    const message = isCutOff
      ? 'The reply of the model was cut off.'
      : 'The reply of the model holds no statement.'
    throw new ModelError('LLM_SQL_MODEL_REPLY_INVALID', message, { retryable: true })
  }
  return {
    kind: 'sql',
    sql: parsed.sql,
    explanation: 'A language model wrote the statement; the guard checked it.',
    confidence: 0.4 + 0.5 * coverageOf(question),
  }
}
