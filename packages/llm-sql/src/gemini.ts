export { geminiModel } from './model/gemini/gemini-model.ts'
export type { GeminiModelOptions } from './model/gemini/gemini-model.ts'
