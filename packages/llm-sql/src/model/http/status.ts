import { retryAfterFromHeaders } from '@t2t/resilience'
import { ModelError } from '../../errors/errors.ts'
import type { FetchResponse } from './fetch.ts'

/** The error for an HTTP status, or for the same number inside a reply. */
export function errorForStatus(status: number, headers?: FetchResponse['headers']): ModelError {
  const wait = headers === undefined ? undefined : retryAfterFromHeaders(headers, { status })
  const retryAfterMs = wait === undefined ? undefined : Math.round(wait)
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

/** Names that servers give to errors inside a reply of status 200, and the status that they mean. */
const statuses: Readonly<Record<string, number>> = {
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  overloaded_error: 529,
  api_error: 500,
  server_error: 500,
  timeout_error: 408,
}

/** The error for what some servers put into a reply of status 200. */
export function errorInside(error: unknown): ModelError {
  const fields: object = typeof error === 'object' && error !== null ? error : {}
  const code = 'code' in fields ? fields.code : undefined
  const type = 'type' in fields ? fields.type : undefined
  const status = statuses[String(code)] ?? statuses[String(type)] ?? Number(code)
  return Number.isInteger(status) && status >= 400 && status <= 599
    ? errorForStatus(status)
    : new ModelError('LLM_SQL_MODEL_REJECTED', 'The model server answered with an error.', {
        retryable: false,
      })
}
