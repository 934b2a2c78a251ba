import { isLlmSqlError, ModelError, type LlmSqlError } from '../errors/errors.ts'

/**
 * The error for whatever calling a model threw: one of this package.
 *
 * What policies around the model throw is read by its code: a timeout and an open circuit are worth
 * another call later, and behind "gave up after three attempts" stands the error of the last one.
 */
export function modelErrorOf(error: unknown): LlmSqlError {
  if (isLlmSqlError(error)) return error
  const fields: object = typeof error === 'object' && error !== null ? error : {}
  const code = 'code' in fields ? fields.code : undefined
  const retryAfterMs =
    'retryAfterMs' in fields && typeof fields.retryAfterMs === 'number'
      ? fields.retryAfterMs
      : undefined
  const later = { retryable: true, retryAfterMs, cause: error }
  switch (code) {
    case 'RESILIENCE_RETRIES_EXHAUSTED':
      return modelErrorOf(error instanceof Error ? error.cause : undefined)
    case 'RESILIENCE_TIMED_OUT':
      return new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'The model did not answer in time.', later)
    case 'RESILIENCE_RATE_LIMITED':
      return new ModelError(
        'LLM_SQL_MODEL_RATE_LIMITED',
        'The model is not called more often.',
        later,
      )
    case 'RESILIENCE_CIRCUIT_OPEN':
    case 'RESILIENCE_BULKHEAD_FULL':
      return new ModelError(
        'LLM_SQL_MODEL_UNAVAILABLE',
        'The model is left alone for a while.',
        later,
      )
    default:
      return new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'The model could not be called.', {
        retryable: false,
        cause: error,
      })
  }
}
