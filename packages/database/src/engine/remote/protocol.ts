import type { Catalog } from '@t2t/sql-guard'
import {
  DatabaseUnavailableError,
  EngineUnsupportedError,
  isDatabaseError,
  QueryFailedError,
  QueryTimedOutError,
  StatementRefusedError,
} from '../../errors/errors.ts'
import type { ReadCaps, ReadResult } from '../../read/read.ts'
import type { ReadDecision } from '../engine.ts'

/** What the process of an engine is asked. */
export type Request =
  | {
      readonly id: number
      readonly kind: 'read'
      readonly sql: string
      readonly caps: ReadCaps
      readonly decided?: ReadDecision | undefined
    }
  | { readonly id: number; readonly kind: 'introspect' | 'ping' | 'abort' }

/** What it answers: at first, once, that it can be asked. */
export type Answer = { readonly kind: 'ready' } | Reply

/** The answer to one question. */
export type Reply =
  | { readonly id: number; readonly kind: 'done'; readonly value: ReadResult | Catalog | undefined }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: Failure }

/** An error on its way between two processes. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly engineCode?: string | undefined
  readonly retryable?: boolean | undefined
}

/** Turns an error into a message; an error that is not ours keeps its text to itself. */
export function toFailure(error: unknown): Failure {
  if (!isDatabaseError(error)) return { code: 'unknown', message: 'The engine failed.' }
  const { code, message, retryable } = error
  const engineCode =
    error instanceof QueryFailedError || error instanceof StatementRefusedError
      ? error.engineCode
      : undefined
  return { code, message, engineCode, retryable }
}

/** Turns a message into an error again. */
export function toError({ code, message, engineCode, retryable }: Failure, caps?: ReadCaps): Error {
  switch (code) {
    case 'DATABASE_STATEMENT_REFUSED':
      return new StatementRefusedError(message, { engineCode })
    case 'DATABASE_QUERY_FAILED':
      return new QueryFailedError(message, { engineCode, retryable })
    case 'DATABASE_QUERY_TIMED_OUT':
      return new QueryTimedOutError(caps?.timeoutMs ?? 0)
    case 'DATABASE_ENGINE_UNSUPPORTED':
      return new EngineUnsupportedError(message)
    default:
      return new DatabaseUnavailableError(message)
  }
}
