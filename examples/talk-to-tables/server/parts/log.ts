import { createPinoLogger } from '@t2t/metrics/pino'
import type { ServerConfig } from '../config/schema.ts'

/** Writes lines for machines: JSON, without secrets, rows, SQL and questions. */
export type Log = Pick<ReturnType<typeof createPinoLogger>, 'info' | 'warn' | 'error'>

export function createLog({ log }: ServerConfig): Log {
  return createPinoLogger({ service: 'talk-to-tables', level: log.level })
}
