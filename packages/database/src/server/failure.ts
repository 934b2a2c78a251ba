import type { CallToolResult } from '@modelcontextprotocol/server'
import type { RefusedVerdict } from '@t2t/sql-guard'
import type { Database } from '../databases/database.ts'
import { isDatabaseError } from '../errors/errors.ts'
import { nearNames } from './near-names.ts'

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

/**
 * Says what an error of this package says, and nothing about any other error. Where an engine
 * stumbled over a name, it says which, and what the caller may have meant.
 */
export async function thrown(error: unknown, database?: Database): Promise<CallToolResult> {
  if (!isDatabaseError(error)) {
    return failed({ class: 'internal', message: 'The call failed inside the server.' })
  }
  const { code, message, retryable } = error
  const subject = code === 'DATABASE_QUERY_FAILED' ? subjectOf(message) : undefined
  const catalog =
    subject === undefined ? undefined : await database?.catalog().catch(() => undefined)
  const candidates =
    subject === undefined || catalog === undefined
      ? []
      : nearNames(subject.split('.').at(-1) ?? subject, catalog)
  return failed({
    class: code,
    message,
    subject,
    ...(candidates.length === 0 ? {} : { candidates }),
    ...(retryable ? { retryable: true } : {}),
  })
}

/** The name that an engine stumbled over. */
function subjectOf(message: string): string | undefined {
  const [, quoted, plain] =
    /"([^"…]+)"|\b(?:no such (?:column|table|function): |There is no (?:column|table|function) |(?:column|function|relation) (?=\S+ does not exist))([^\s();,"]+)/.exec(
      message,
    ) ?? []
  return quoted ?? plain?.replace(/\.$/, '')
}
