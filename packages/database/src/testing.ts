export {
  engineContract,
  engineContractData,
  type EngineContractCase,
  type EngineSubject,
  type OpenedEngine,
} from './engine/engine.contract.ts'
