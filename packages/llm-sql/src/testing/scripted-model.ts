import type { Model, ModelReply, ModelRequest } from '../model/model.ts'

/** A model that plays back a script, and the requests that it was given. */
export interface ScriptedModel extends Model {
  readonly requests: readonly ModelRequest[]
}

/** One entry of a script: the text of a reply, a whole reply, an error to throw, or a function. */
export type ScriptedReply =
  | string
  | ModelReply
  | Error
  | ((
      request: ModelRequest,
      signal: AbortSignal,
    ) => ModelReply | string | Promise<ModelReply | string>)

/**
 * Creates a model that replies by a script, in order; after its end it repeats the last entry.
 *
 * @example
 * ```ts
 * import { modelGenerator } from '@t2t/llm-sql'
 * import { scriptedModel } from '@t2t/llm-sql/testing'
 *
 * const generator = modelGenerator({ model: scriptedModel(['SELECT 1']) })
 * ```
 */
export function scriptedModel(script: readonly [ScriptedReply, ...ScriptedReply[]]): ScriptedModel {
  const requests: ModelRequest[] = []
  return {
    name: 'scripted',
    capabilities: { json: true, tools: true },
    requests,
    complete: async (request, signal) => {
      signal.throwIfAborted()
      const entry = script[Math.min(requests.length, script.length - 1)] ?? script[0]
      requests.push(request)
      if (entry instanceof Error) throw entry
      const reply = typeof entry === 'function' ? await entry(request, signal) : entry
      return typeof reply === 'string' ? { text: reply, finishReason: 'stop' } : reply
    },
  }
}

/**
 * Creates a model that gives the reply recorded for a text of the prompt: the first whose key the
 * last message contains.
 *
 * @throws an `Error` from `complete`, when nothing was recorded for the prompt.
 */
export function recordedModel(recordings: Readonly<Record<string, string>>): ScriptedModel {
  return scriptedModel([
    ({ messages }) => {
      const prompt = messages.at(-1)?.content ?? ''
      const found = Object.entries(recordings).find(([key]) => prompt.includes(key))
      if (found === undefined) throw new Error('Nothing was recorded for this prompt.')
      return found[1]
    },
  ])
}
