export { openAiModel } from './model/openai/openai-model.ts'
export type { OpenAiModelOptions } from './model/openai/openai-model.ts'
export type { Fetch, FetchInit, FetchResponse } from './model/http/fetch.ts'
