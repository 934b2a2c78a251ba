export {
  loadConfig,
  parseConfig,
  readConfig,
  type Config,
  type ConfigOptions,
} from './config/config.ts'
export { ConfigInvalidError, type ConfigProblem } from './errors/config-error.ts'
