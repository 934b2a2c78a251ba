import { type Clock, systemClock } from '../clock/clock.ts'
import { errorType } from '../errors/error-type.ts'

/** What is used of a logger; one of pino fits, and so does any with these two. */
export interface OperationLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/** How an operation ended. */
export type OperationOutcome = 'ok' | 'aborted' | 'timeout' | 'failed'

/** Runs a function, and logs how long it took and how it ended. */
export type RunOperation = <Value>(name: string, work: () => Promise<Value>) => Promise<Value>

/** Options for {@link createOperation}. */
export interface OperationOptions {
  readonly logger: OperationLogger
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/**
 * Creates a helper that times operations, logs them, and classifies their errors.
 *
 * The outcome of the operation is untouched: its value is returned and its error rethrown as it
 * is, whatever the logger does.
 *
 * @example
 * ```ts
 * import { createOperation } from '@t2t/metrics'
 * import { createPinoLogger } from '@t2t/metrics/pino'
 *
 * const operation = createOperation({ logger: createPinoLogger() })
 * const rates = await operation('fetch-rates', async () => [1, 2, 3])
 * ```
 */
export function createOperation(options: OperationOptions): RunOperation {
  const { logger, clock = systemClock } = options

  return async (operation, work) => {
    const start = clock.now()
    const log = (fields: object, isOk: boolean): void => {
      const line = { operation, duration_ms: clock.now() - start, ...fields }
      try {
        if (isOk) logger.info(line, 'operation finished')
        else logger.warn(line, 'operation failed')
      } catch {
        // A lost line is cheaper than a lost result.
      }
    }
    try {
      const value = await work()
      log({ outcome: 'ok' }, true)
      return value
    } catch (error) {
      log({ outcome: outcomeOf(error), error_type: errorType(error), err: error }, false)
      throw error
    }
  }
}

function outcomeOf(error: unknown): OperationOutcome {
  const type = errorType(error)
  if (error instanceof Error && error.name === 'AbortError') return 'aborted'
  return /timeout|timed_?out/i.test(type) ? 'timeout' : 'failed'
}
