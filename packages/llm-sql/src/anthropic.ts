export { anthropicModel } from './model/anthropic/anthropic-model.ts'
export type { AnthropicModelOptions } from './model/anthropic/anthropic-model.ts'
