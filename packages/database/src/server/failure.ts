import type { CallToolResult } from '@modelcontextprotocol/server'
import type { RefusedVerdict } from '@t2t/sql-guard'
import { isDatabaseError } from '../errors/errors.ts'

/** What a model learns about a call that gave no result. */
export interface Failure {
  /** Stable: a finding of the guard, or the code of an error. */
  readonly class: string
  readonly message: string
  /** The name that it is about. */
  readonly subject?: string | undefined
  /** Names that may be used instead, best first. */
  readonly candidates?: readonly string[] | undefined
  /** Whether the same call may succeed later without any change. */
  readonly retryable?: true | undefined
}

const maxFailures = 5

/** Gives the result of a call that failed. */
export function failed(...failures: readonly Failure[]): CallToolResult {
  const text = JSON.stringify({ errors: failures.slice(0, maxFailures) })
  return { isError: true, content: [{ type: 'text', text }] }
}

/** Says why the guard refused; positions in the text are left out. */
export function refused({ findings }: RefusedVerdict): CallToolResult {
  return failed(
    ...findings.map(({ code, message, subject, candidates }) => ({
      class: code,
      message,
      subject,
      candidates,
    })),
  )
}

/** Says what an error of this package says, and nothing about any other error. */
export function thrown(error: unknown): CallToolResult {
  return isDatabaseError(error)
    ? failed({
        class: error.code,
        message: error.message,
        ...(error.retryable ? { retryable: true } : {}),
      })
    : failed({ class: 'internal', message: 'The call failed inside the server.' })
}
