export { offlineGenerator } from './offline/offline-generator.ts'
export type { OfflineGeneratorOptions } from './offline/offline-generator.ts'
