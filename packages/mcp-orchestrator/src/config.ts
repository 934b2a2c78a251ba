export {
  checkText,
  checkValue,
  type CheckOptions,
  type ConfigOptions,
  type FoundProblem,
  type FurtherCheck,
} from './config/check.ts'
export { loadConfig, parseConfig, readConfig, type Config } from './config/config.ts'
export { configSchema, type CheckedConfig, type CheckedServer } from './config/schema.ts'
export { ConfigInvalidError, type ConfigProblem } from './errors/config-error.ts'
