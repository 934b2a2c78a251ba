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
        ['stop', 'length', 'refused', 'other'].includes(finishReason),
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
