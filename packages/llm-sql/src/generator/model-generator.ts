import { isLlmSqlError, ModelError, OptionInvalidError } from '../errors/errors.ts'
import { modelErrorOf } from '../model/error-of.ts'
import type { Model, ModelMessage, ModelReply, ModelRequest } from '../model/model.ts'
import { coverageOf } from '../steps/coverage.ts'
import type { Draft, DraftRequest, SqlGenerator } from './generator.ts'
import { promptFor } from './prompt.ts'
import { complaints, hints, readDraft, type ReadDraft } from './read-reply.ts'

/** Options for {@link modelGenerator}. */
export interface ModelGeneratorOptions {
  readonly model: Model
  /**
   * Upper bound for a reply, in tokens.
   * @defaultValue 1024
   */
  readonly maxOutputTokens?: number | undefined
  /**
   * Upper bound for the schema in the prompt, in tokens of four characters. What fits is shown whole,
   * so that a provider can cache it; of a larger one the part that the question speaks of is chosen.
   * A number above 0.
   * @defaultValue 8000
   */
  readonly maxSchemaTokens?: number | undefined
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
 * for a question back. A reply of which neither can be read is asked for once more, with a word on
 * what was wrong with it; errors of the server are not, they are a matter of policies.
 *
 * Its confidence is 0.4 plus up to 0.5 for the share of the question's weighty words that are
 * known from the schema, the data and the metadata; a model's own claim has no part in it.
 *
 * @throws {@link OptionInvalidError} at once, when `maxSchemaTokens` is not above 0.
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
  const {
    model,
    maxOutputTokens = 1024,
    maxSchemaTokens = 8_000,
    createId = () => globalThis.crypto.randomUUID(),
  } = options
  if (!(maxSchemaTokens > 0))
    throw new OptionInvalidError(
      `maxSchemaTokens must be a number above 0, got ${maxSchemaTokens}.`,
    )
  const boundary = createId()

  const ask = async (
    messages: readonly ModelMessage[],
    request: DraftRequest,
    signal: AbortSignal,
  ): Promise<ReadDraft> => {
    try {
      const asked = { messages, maxOutputTokens, temperature: 0 }
      return readDraft(await call(model, asked, request, signal))
    } catch (error) {
      signal.throwIfAborted()
      if (isLlmSqlError(error) && error.code === 'LLM_SQL_MODEL_REPLY_INVALID')
        return { kind: 'unusable', why: 'unreadable' }
      throw error
    }
  }

  return {
    name: model.name,
    draft: async (request, signal) => {
      const messages = promptFor(request, boundary, maxSchemaTokens)
      const first = await ask(messages, request, signal)
      const read =
        first.kind === 'unusable'
          ? await ask(withHint(messages, hints[first.why]), request, signal)
          : first
      return draftFrom(read, request)
    },
  }
}

/** Adds to the last message: some models want persons and assistants to take turns. */
function withHint(messages: readonly ModelMessage[], hint: string): readonly ModelMessage[] {
  return messages.map((message, at) =>
    at < messages.length - 1 ? message : { ...message, content: `${message.content}\n${hint}` },
  )
}

async function call(
  model: Model,
  modelRequest: ModelRequest,
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
    throw modelErrorOf(error)
  }
}

function draftFrom(read: ReadDraft, { question }: DraftRequest): Draft {
  switch (read.kind) {
    case 'ask':
      return { kind: 'cannot', ask: read.ask, choices: [] }
    case 'unusable':
      throw new ModelError('LLM_SQL_MODEL_REPLY_INVALID', complaints[read.why], {
        retryable: true,
      })
    case 'sql':
      return {
        kind: 'sql',
        sql: read.sql,
        explanation: 'A language model wrote the statement; the guard checked it.',
        confidence: 0.4 + 0.5 * coverageOf(question),
      }
  }
}
