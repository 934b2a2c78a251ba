export { modelContract } from './model/model.contract.ts'
export type { ModelPromise } from './model/model.contract.ts'
export { recordedModel, scriptedModel } from './testing/scripted-model.ts'
export type { ScriptedModel, ScriptedReply } from './testing/scripted-model.ts'
