export {
  scriptedConnector,
  type Script,
  type ScriptedConnector,
  type ScriptedFault,
  type ScriptedRequest,
  type ScriptedResource,
  type ScriptedStage,
  type ScriptedTool,
} from './scripted/scripted-connector.ts'
export {
  connectionContract,
  contractServer,
  type ConnectionPromise,
} from './upstream/connection.contract.ts'
