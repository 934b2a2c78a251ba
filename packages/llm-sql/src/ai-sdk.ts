export { aiSdkModel } from './model/ai-sdk/ai-sdk-model.ts'
export type { AiSdkCallOptions, AiSdkModel } from './model/ai-sdk/ai-sdk-model.ts'
