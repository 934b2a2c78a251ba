import type { Policy } from '@t2t/resilience'
import type { Model, ModelPart } from './model.ts'

/**
 * Puts a policy of `@t2t/resilience` around a model.
 *
 * The policy sees every call of `complete`, and of `stream` the start: once a part has come,
 * nothing is asked again.
 *
 * @example
 * ```ts
 * import { withPolicy } from '@t2t/llm-sql'
 * import { openAiModel } from '@t2t/llm-sql/openai'
 * import { pipe, retry, timeout } from '@t2t/resilience'
 *
 * const model = withPolicy(
 *   openAiModel({ baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3' }),
 *   pipe(retry({ maxAttempts: 3 }), timeout({ afterMs: 60_000 })),
 * )
 * ```
 */
export function withPolicy(model: Model, policy: Policy): Model {
  const { name, capabilities } = model
  return {
    name,
    capabilities,
    complete: (request, signal) =>
      policy((context) => model.complete(request, context.signal))({ signal }),
    ...(model.stream === undefined
      ? {}
      : {
          stream: async function* (request, signal) {
            const open = policy(async () => {
              const parts = model.stream?.(request, signal)[Symbol.asyncIterator]()
              return { parts, first: await parts?.next() }
            })
            const { parts, first } = await open({ signal })
            yield* following(parts, first)
          },
        }),
  }
}

async function* following(
  parts: AsyncIterator<ModelPart> | undefined,
  first: IteratorResult<ModelPart> | undefined,
): AsyncGenerator<ModelPart> {
  try {
    for (let part = first; part !== undefined && part.done !== true; part = await parts?.next())
      yield part.value
  } finally {
    await parts?.return?.()
  }
}
