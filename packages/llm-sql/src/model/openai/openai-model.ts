import { ModelError, OptionInvalidError } from '../../errors/errors.ts'
import type { Model, ModelRequest } from '../model.ts'
import { readReply } from './reply.ts'
import { errorForStatus } from './status.ts'

/** The part of `fetch` that a model server is called with. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>

/** What is sent. */
export interface FetchInit {
  readonly method: 'POST'
  readonly headers: Record<string, string>
  readonly body: string
  readonly signal: AbortSignal
}

/** What comes back. */
export interface FetchResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

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
  const { baseUrl, model, apiKey, fetch: send = globalThis.fetch } = options
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new OptionInvalidError('baseUrl must be an http or https address.')
  }
  if (model === '') throw new OptionInvalidError('model must not be empty.')
  const url = `${baseUrl.replace(/\/+$/, '')}/chat/completions`
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
  }

  return {
    name: `openai:${model}`,
    complete: async (request, signal) => {
      signal.throwIfAborted()
      const body = JSON.stringify(bodyOf(model, request))
      const response = await sent(
        () => send(url, { method: 'POST', headers, body, signal }),
        signal,
      )
      const text = await sent(() => response.text(), signal)
      if (response.status < 200 || response.status > 299)
        throw errorForStatus(response.status, response.headers.get('retry-after'))
      return readReply(text)
    },
  }
}

function bodyOf(
  model: string,
  { messages, maxOutputTokens, temperature = 0 }: ModelRequest,
): object {
  return {
    model,
    messages,
    temperature,
    stream: false,
    ...(maxOutputTokens === undefined ? {} : { max_tokens: maxOutputTokens }),
  }
}

/** The cause is kept out: texts of network errors can hold addresses with secrets. */
async function sent<Value>(call: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
  try {
    return await call()
  } catch {
    signal.throwIfAborted()
    throw new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'The model server could not be reached.', {
      retryable: true,
    })
  }
}
