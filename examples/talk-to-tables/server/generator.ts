import { modelGenerator, type Model, type SqlGenerator } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { openAiModel } from '@t2t/llm-sql/openai'
import { pipe, retry, timeout, type Policy, type ResilienceListener } from '@t2t/resilience'

/** The model that the environment names, or the rules that need none. */
export function chooseGenerator(
  environment: NodeJS.ProcessEnv,
  onEvent: ResilienceListener,
): { readonly name: string; readonly generator: SqlGenerator } {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey, OPENAI_MODEL: model } = environment
  if (baseUrl === undefined || baseUrl === '' || model === undefined || model === '') {
    return { name: 'offline rules', generator: offlineGenerator() }
  }
  const patiently = pipe(
    timeout({ afterMs: 120_000, covers: 'total', name: 'model', onEvent }),
    retry({ maxAttempts: 3, name: 'model', onEvent }),
    timeout({ afterMs: 60_000, name: 'model', onEvent }),
  )
  return {
    name: `model ${model}`,
    generator: modelGenerator({
      model: guarded(openAiModel({ baseUrl, model, apiKey }), patiently),
    }),
  }
}

function guarded(model: Model, policy: Policy): Model {
  return {
    name: model.name,
    complete: (request, signal) =>
      policy((context) => model.complete(request, context.signal))({ signal }),
  }
}
