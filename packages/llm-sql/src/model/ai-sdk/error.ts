import { isLlmSqlError, ModelError, type LlmSqlError } from '../../errors/errors.ts'
import { errorForStatus } from '../http/status.ts'

/** The error for what a language model of the AI SDK threw; its texts are kept out. */
export function errorOf(error: unknown, signal: AbortSignal): LlmSqlError {
  signal.throwIfAborted()
  if (isLlmSqlError(error)) return error
  const fields: object = typeof error === 'object' && error !== null ? error : {}
  const status = 'statusCode' in fields ? Number(fields.statusCode) : Number.NaN
  const isStatus = Number.isInteger(status) && (status < 200 || status > 299)
  if (isStatus) return errorForStatus(status, headersOf(fields))
  if (
    Number.isInteger(status) ||
    nameOf(fields).includes('Parse') ||
    nameOf(fields).includes('Invalid')
  ) {
    return new ModelError(
      'LLM_SQL_MODEL_REPLY_INVALID',
      'The model server answered with something that is not a completion.',
      { retryable: true },
    )
  }
  return new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'The model server could not be reached.', {
    retryable: true,
  })
}

function nameOf(error: object): string {
  return 'name' in error ? String(error.name) : ''
}

function headersOf(error: object): { get(name: string): string | null } {
  const given: unknown = 'responseHeaders' in error ? error.responseHeaders : undefined
  const headers = new Map(
    typeof given === 'object' && given !== null
      ? Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)])
      : [],
  )
  return { get: (name) => headers.get(name.toLowerCase()) ?? null }
}
