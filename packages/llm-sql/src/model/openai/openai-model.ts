import { OptionInvalidError } from '../../errors/errors.ts'
import type { Fetch } from '../http/fetch.ts'
import { post, postForEvents, type HttpCall } from '../http/post.ts'
import type { Model, ModelCapabilities, ModelRequest } from '../model.ts'
import { readReply } from './reply.ts'
import { bodyOf } from './request.ts'
import { readStream } from './stream.ts'

/** Options for {@link openAiModel}. */
export interface OpenAiModelOptions {
  /** Where `/chat/completions` is found, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string
  readonly model: string
  /**
   * Sent as a bearer token, and never anywhere else.
   * @defaultValue none
   */
  readonly apiKey?: string | undefined
  /**
   * What this server and this model can do.
   * @defaultValue JSON and tools; say `false` for a server that rejects them
   */
  readonly capabilities?: ModelCapabilities | undefined
  /**
   * How the server calls the upper bound of a reply; newer models of OpenAI want the longer name.
   * @defaultValue 'max_tokens'
   */
  readonly tokenLimitField?: 'max_tokens' | 'max_completion_tokens' | undefined
  /**
   * Whether a temperature is sent; some reasoning models reject it.
   * @defaultValue true
   */
  readonly takesTemperature?: boolean | undefined
  /** @defaultValue the global `fetch` */
  readonly fetch?: Fetch | undefined
}

/**
 * Creates a model behind an OpenAI-compatible server: OpenAI, OpenRouter, Ollama, vLLM, llama.cpp.
 *
 * It makes one request a call and never tries again by itself; wrap it with policies of
 * `@t2t/resilience`, which read `retryable` and `retryAfterMs` of its errors.
 *
 * @throws {@link OptionInvalidError} at once, when `baseUrl` is not an HTTP address or `model` is empty.
 * @throws {@link ModelError} from `complete`, when there is no reply that can be used.
 *
 * @example
 * ```ts
 * import { openAiModel } from '@t2t/llm-sql/openai'
 *
 * const model = openAiModel({ baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3' })
 * ```
 */
export function openAiModel(options: OpenAiModelOptions): Model {
  const {
    baseUrl,
    model,
    apiKey,
    capabilities = { json: true, tools: true },
    tokenLimitField = 'max_tokens',
    takesTemperature = true,
    fetch: send = globalThis.fetch,
  } = options
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new OptionInvalidError('baseUrl must be an http or https address.')
  }
  if (model === '') throw new OptionInvalidError('model must not be empty.')
  const url = `${baseUrl.replace(/\/+$/, '')}/chat/completions`
  const form = { model, capabilities, tokenLimitField, takesTemperature }
  const call = (request: ModelRequest, isStreamed: boolean): HttpCall => ({
    send,
    url,
    headers: {
      accept: isStreamed ? 'text/event-stream' : 'application/json',
      ...(apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: bodyOf(request, form, isStreamed),
  })

  return {
    name: `openai:${model}`,
    capabilities,
    complete: async (request, signal) => readReply(await post(call(request, false), signal)),
    stream: (request, signal) => readStream(postForEvents(call(request, true), signal)),
  }
}
