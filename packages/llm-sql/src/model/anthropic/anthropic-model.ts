import { OptionInvalidError } from '../../errors/errors.ts'
import type { Fetch } from '../http/fetch.ts'
import { post, postForEvents, type HttpCall } from '../http/post.ts'
import type { Model, ModelRequest } from '../model.ts'
import { readReply, readStream } from './reply.ts'
import { bodyOf } from './request.ts'

/** Options for {@link anthropicModel}. */
export interface AnthropicModelOptions {
  readonly model: string
  /** Sent as `x-api-key`, and never anywhere else. */
  readonly apiKey: string
  /**
   * Where `/v1/messages` is found.
   * @defaultValue 'https://api.anthropic.com'
   */
  readonly baseUrl?: string | undefined
  /**
   * Whether a temperature is sent; some models reject it.
   * @defaultValue true
   */
  readonly takesTemperature?: boolean | undefined
  /** @defaultValue the global `fetch` */
  readonly fetch?: Fetch | undefined
}

/**
 * Creates a model behind Anthropic's messages API.
 *
 * It makes one request a call and never tries again by itself. The system prompt is marked for the
 * provider's cache. JSON is asked for as the input of a tool that must be called.
 *
 * @throws {@link OptionInvalidError} at once, when `baseUrl` is not an HTTP address or `model` is empty.
 * @throws {@link ModelError} from `complete` and `stream`, when there is no reply that can be used.
 *
 * @example
 * ```ts
 * import { anthropicModel } from '@t2t/llm-sql/anthropic'
 *
 * const model = anthropicModel({ model: 'claude-sonnet-4-5', apiKey: 'from-your-vault' })
 * ```
 */
export function anthropicModel(options: AnthropicModelOptions): Model {
  const {
    model,
    apiKey,
    baseUrl = 'https://api.anthropic.com',
    takesTemperature = true,
    fetch: send = globalThis.fetch,
  } = options
  if (!/^https?:\/\//.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new OptionInvalidError('baseUrl must be an http or https address.')
  }
  if (model === '') throw new OptionInvalidError('model must not be empty.')
  const url = `${baseUrl.replace(/\/+$/, '')}/v1/messages`
  const call = (request: ModelRequest, isStreamed: boolean): HttpCall => ({
    send,
    url,
    headers: {
      accept: isStreamed ? 'text/event-stream' : 'application/json',
      'x-api-key': apiKey,
      'anthropic-version': '2023-06-01',
    },
    body: bodyOf(model, request, takesTemperature, isStreamed),
  })

  return {
    name: `anthropic:${model}`,
    capabilities: { json: true, tools: true },
    complete: async (request, signal) =>
      readReply(await post(call(request, false), signal), request.json?.name),
    stream: (request, signal) =>
      readStream(postForEvents(call(request, true), signal), request.json?.name),
  }
}
