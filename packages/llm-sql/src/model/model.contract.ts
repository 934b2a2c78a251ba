import type { Model } from './model.ts'

/** One promise of a port, and the check of it. */
export interface ModelPromise {
  readonly promise: string
  /** Rejects when the model does not keep the promise. */
  readonly check: (model: Model) => Promise<void>
}

const messages = [{ role: 'user', content: 'Reply with a short text.' }] as const

/** What every {@link Model} must keep; run each check against one that can reply. */
export const modelContract: readonly ModelPromise[] = [
  {
    promise: 'has a name that is not empty',
    check: async ({ name }) => expect(name !== '', 'the name is empty'),
  },
  {
    promise: 'replies with text and a reason for its end',
    check: async (model) => {
      const { text, finishReason } = await model.complete(
        { messages },
        new AbortController().signal,
      )
      expect(text !== '', 'the text is empty')
      expect(
        ['stop', 'length', 'refused', 'tool-calls', 'other'].includes(finishReason),
        'the finish reason is unknown',
      )
    },
  },
  {
    promise: 'rejects with the reason of a signal that has aborted already',
    check: async (model) => {
      const reason = new Error('given up')
      const failure = await model
        .complete({ messages }, AbortSignal.abort(reason))
        .catch((error: unknown) => error)
      expect(failure === reason, 'the rejection is not the reason')
    },
  },
  {
    promise: 'streams, where it can, text that adds up to the reply at the end',
    check: async (model) => {
      if (model.stream === undefined) return
      const parts = await Array.fromAsync(model.stream({ messages }, new AbortController().signal))
      const last = parts.at(-1)
      expect(last?.kind === 'end', 'the last part is not the end')
      const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
      expect(last?.kind === 'end' && text === last.reply.text, 'the text is not that of the reply')
      expect(parts.filter(({ kind }) => kind === 'end').length === 1, 'there are several ends')
    },
  },
  {
    promise: 'does not stream for a signal that has aborted already',
    check: async (model) => {
      if (model.stream === undefined) return
      const reason = new Error('given up')
      const failure = await Array.fromAsync(
        model.stream({ messages }, AbortSignal.abort(reason)),
      ).catch((error: unknown) => error)
      expect(failure === reason, 'the failure is not the reason')
    },
  },
  {
    promise: 'takes, where it can call them, tools and the results of their calls',
    check: async (model) => {
      if (model.capabilities?.tools !== true) return
      const toolCalls = ['a', 'b'].map((id) => ({ id, name: 'look', input: { day: id } }))
      const results = toolCalls.map(
        (toolCall) => ({ role: 'tool', content: 'Monday', toolCall }) as const,
      )
      const inputSchema = { type: 'object', properties: { day: { type: 'string' } } }
      const { text, toolCalls: more = [] } = await model.complete(
        {
          messages: [...messages, { role: 'assistant', content: '', toolCalls }, ...results],
          tools: [{ name: 'look', inputSchema }],
        },
        new AbortController().signal,
      )
      expect(text !== '' || more.length > 0, 'there is neither text nor a call')
      expect(new Set(more.map(({ id }) => id)).size === more.length, 'two calls have one id')
    },
  },
  {
    promise: 'does not change the request',
    check: async (model) => {
      const request = { messages: [...messages], maxOutputTokens: 16 }
      const copy = structuredClone(request)
      await model.complete(request, new AbortController().signal)
      expect(JSON.stringify(request) === JSON.stringify(copy), 'the request was changed')
    },
  },
]

function expect(isKept: boolean, message: string): void {
  if (!isKept) throw new Error(message)
}
