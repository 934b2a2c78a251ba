import { OptionInvalidError } from '../../errors/errors.ts'
import type { Fetch } from '../http/fetch.ts'
import { post, postForEvents, type HttpCall } from '../http/post.ts'
import type { Model, ModelRequest } from '../model.ts'
import { readReply, readStream } from './reply.ts'
import { bodyOf } from './request.ts'

/** Options for {@link geminiModel}. */
export interface GeminiModelOptions {
  readonly model: string
  /** Sent as `x-goog-api-key`, and never anywhere else. */
  readonly apiKey: string
  /**
   * Where `/models/…:generateContent` is found.
   * @defaultValue 'https://generativelanguage.googleapis.com/v1beta'
   */
  readonly baseUrl?: string | undefined
  /** @defaultValue the global `fetch` */
  readonly fetch?: Fetch | undefined
}

/**
 * Creates a model behind Google's Gemini API.
 *
 * It makes one request a call and never tries again by itself.
 *
 * @throws {@link OptionInvalidError} at once, when `baseUrl` is not an HTTP address or `model` is empty.
 * @throws {@link ModelError} from `complete` and `stream`, when there is no reply that can be used.
 *
 * @example
 * ```ts
 * import { geminiModel } from '@t2t/llm-sql/gemini'
 *
 * const model = geminiModel({ model: 'gemini-2.5-flash', apiKey: 'from-your-vault' })
 * ```
 */
export function geminiModel(options: GeminiModelOptions): Model {
  const {
    model,
    apiKey,
    baseUrl = 'https://generativelanguage.googleapis.com/v1beta',
    fetch: send = globalThis.fetch,
  } = options
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new OptionInvalidError('baseUrl must be an http or https address.')
  }
  if (model === '') throw new OptionInvalidError('model must not be empty.')
  const url = `${baseUrl.replace(/\/+$/, '')}/models/${encodeURIComponent(model)}`
  const call = (request: ModelRequest, method: string): HttpCall => ({
    send,
    url: `${url}:${method}`,
    headers: { 'x-goog-api-key': apiKey },
    body: bodyOf(request),
  })

  return {
    name: `gemini:${model}`,
    capabilities: { json: true, tools: true },
    complete: async (request, signal) =>
      readReply(await post(call(request, 'generateContent'), signal)),
    stream: (request, signal) =>
      readStream(postForEvents(call(request, 'streamGenerateContent?alt=sse'), signal)),
  }
}
