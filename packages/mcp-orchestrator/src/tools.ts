export {
  fromFunctionTool,
  toFunctionTools,
  type FunctionCall,
  type FunctionTool,
  type FunctionTools,
  type ReadCall,
  type ToolMessage,
} from './tools/function-tools.ts'
