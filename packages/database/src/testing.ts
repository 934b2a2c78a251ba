export { engineContract } from './engine/engine.contract.ts'
export {
  engineContractData,
  type EngineContractCase,
  type EngineSubject,
  type OpenedEngine,
} from './engine/contract/subject.ts'
