export { createPinoLogger, type PinoLoggerOptions } from './logging/pino-logger.ts'
