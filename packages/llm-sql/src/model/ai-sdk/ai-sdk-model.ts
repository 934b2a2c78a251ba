import type { Model } from '../model.ts'
import { errorOf } from './error.ts'
import { readReply, readStream } from './reply.ts'
import { optionsOf } from './request.ts'

/** The part of an AI SDK language model that is used; versions 2, 3 and 4 of it have this form. */
export interface AiSdkModel {
  readonly specificationVersion: 'v2' | 'v3' | 'v4'
  readonly provider: string
  readonly modelId: string
  doGenerate(options: AiSdkCallOptions): PromiseLike<unknown>
  doStream(options: AiSdkCallOptions): PromiseLike<unknown>
}

/** What an AI SDK language model is called with. */
export interface AiSdkCallOptions {
  readonly prompt: readonly object[]
  readonly maxOutputTokens?: number
  readonly temperature?: number
  readonly responseFormat?: object
  readonly tools?: readonly object[]
  readonly abortSignal?: AbortSignal
}

/**
 * Makes a model of any language model of the Vercel AI SDK.
 *
 * It uses the language model directly, so nothing of the SDK's own retries takes part. There is
 * no dependency on the SDK.
 *
 * @throws {@link ModelError} from `complete` and `stream`, when there is no reply that can be used.
 *
 * @example
 * ```ts
 * import { aiSdkModel, type AiSdkModel } from '@t2t/llm-sql/ai-sdk'
 *
 * declare const languageModel: AiSdkModel // such as `createOpenAI()('gpt-5')`
 *
 * const model = aiSdkModel(languageModel)
 * ```
 */
export function aiSdkModel(model: AiSdkModel): Model {
  return {
    name: `${model.provider}:${model.modelId}`,
    capabilities: { json: true, tools: true },
    complete: async (request, signal) => {
      signal.throwIfAborted()
      return readReply(
        await model.doGenerate(optionsOf(request, signal)).then(undefined, (error: unknown) => {
          throw errorOf(error, signal)
        }),
      )
    },
    stream: async function* (request, signal) {
      signal.throwIfAborted()
      const started = await model
        .doStream(optionsOf(request, signal))
        .then(undefined, (error: unknown) => {
          throw errorOf(error, signal)
        })
      yield* readStream(started, signal)
    },
  }
}
