import { modelGenerator, withPolicy, type Model, type SqlGenerator } from '@t2t/llm-sql'
import { anthropicModel } from '@t2t/llm-sql/anthropic'
import { geminiModel } from '@t2t/llm-sql/gemini'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { openAiModel } from '@t2t/llm-sql/openai'
import { circuitBreaker, pipe, retry, timeout, type ResilienceListener } from '@t2t/resilience'
import type { ModelConfig } from '../config/schema.ts'
import type { Shared } from './shared.ts'
import { createModelLine, type ModelLine } from './model-line.ts'

/** What writes the SQL, and how it is called in answers. */
export interface NamedGenerator {
  readonly name: string
  readonly generator: SqlGenerator
  /** Writes it when the model is away; absent when nothing may. */
  readonly fallback?: SqlGenerator | undefined
  /** Absent where rules write the SQL. */
  readonly model?: Model | undefined
  close(): Promise<void>
}

/** The model that a configuration names, or the rules that need none. */
export function createGenerator(
  config: ModelConfig | undefined,
  onEvent: ResilienceListener,
  { circuits }: Pick<Shared, 'circuits'> = {},
): NamedGenerator {
  const offline = offlineGenerator()
  if (config === undefined)
    return { name: 'offline rules', generator: offline, close: () => Promise.resolve() }
  const { timeout: seconds, max_attempts: maxAttempts, name } = config
  const patiently = pipe(
    timeout({ afterMs: seconds * 2_000, covers: 'total', name: 'model', onEvent }),
    retry({ maxAttempts, name: 'model', onEvent }),
    circuitBreaker({
      name: 'model',
      onEvent,
      ...(circuits !== undefined && { shared: { store: circuits, key: `model:${name}` } }),
    }),
    timeout({ afterMs: seconds * 1_000, name: 'model', onEvent }),
  )
  const line = createModelLine()
  const model = withPolicy(createModel(config, line), patiently)
  return {
    name: `model ${name}`,
    model,
    generator: modelGenerator({ model }),
    ...(config.when_away === 'offline' && { fallback: offline }),
    close: () => line.close(),
  }
}

function createModel(config: ModelConfig, { fetch }: ModelLine): Model {
  const { provider, base_url: baseUrl, name: model, api_key: apiKey } = config
  switch (provider) {
    case 'openai':
      return openAiModel({ baseUrl: baseUrl ?? 'https://api.openai.com/v1', model, apiKey, fetch })
    case 'anthropic':
      return anthropicModel({ baseUrl, model, apiKey: apiKey ?? '', fetch })
    case 'gemini':
      return geminiModel({ baseUrl, model, apiKey: apiKey ?? '', fetch })
  }
}
