export { openAiModel } from './model/openai/openai-model.ts'
export type {
  Fetch,
  FetchInit,
  FetchResponse,
  OpenAiModelOptions,
} from './model/openai/openai-model.ts'
