import { ModelError } from '../../errors/errors.ts'

/** The error for an HTTP status, or for the same number inside a reply. */
export function errorForStatus(status: number, retryAfter: string | null): ModelError {
  const retryAfterMs = waitOf(retryAfter)
  if (status === 429) {
    return new ModelError('LLM_SQL_MODEL_RATE_LIMITED', 'The model server asks to slow down.', {
      retryable: true,
      retryAfterMs,
      status,
    })
  }
  if (status === 408 || status >= 500) {
    return new ModelError(
      'LLM_SQL_MODEL_UNAVAILABLE',
      `The model server failed with status ${status}.`,
      { retryable: true, retryAfterMs, status },
    )
  }
  return new ModelError(
    'LLM_SQL_MODEL_REJECTED',
    `The model server rejected the request with status ${status}.`,
    { retryable: false, status },
  )
}

/** Reads `Retry-After` in seconds; dates and nonsense are left to the caller's own pause. */
function waitOf(retryAfter: string | null): number | undefined {
  if (retryAfter === null || !/^\s*\d+(?:\.\d+)?\s*$/.test(retryAfter)) return undefined
  return Math.round(Number(retryAfter) * 1_000)
}
