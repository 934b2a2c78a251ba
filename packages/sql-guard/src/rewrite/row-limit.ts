import type { Query } from '../dialect/tree.ts'
import type { Edit } from './splice.ts'

/** How the rows of a statement are bounded, and the change that makes it so. */
export interface RowLimit {
  /**
   * `statement` when its own limit is small enough, `guard` when the edit sets it, `reader` when
   * the text cannot say it, so that only the reader can stop.
   */
  readonly by: 'statement' | 'guard' | 'reader'
  readonly maxRows: number
  readonly edit: Edit | undefined
}

/** The change that puts a limit after the code, in place of what may trail it. */
export function appendedLimit(codeEnd: number, textEnd: number, maxRows: number): Edit {
  return { span: { start: codeEnd, end: textEnd }, text: `\nLIMIT ${maxRows}` }
}

/**
 * Finds the change that bounds the rows of a statement.
 *
 * Appends a limit where there is none, and lowers a literal one that is too large. Anything else
 * stays as it is.
 */
export function boundRows(
  text: string,
  query: Query,
  codeEnd: number,
  maxRows: number,
  mayFollowValues: boolean,
): RowLimit {
  const reader: RowLimit = { by: 'reader', maxRows, edit: undefined }
  const { limit } = query
  if (!query.isLimitExact) return reader
  if (limit === undefined) {
    if (query.body.kind === 'values' && !mayFollowValues) return reader
    return { by: 'guard', maxRows, edit: appendedLimit(codeEnd, text.length, maxRows) }
  }
  if (limit.kind !== 'literal' || limit.integer === undefined || limit.integer < 0) return reader
  if (limit.integer <= maxRows) {
    return { by: 'statement', maxRows: limit.integer, edit: undefined }
  }
  const isPlain = text.slice(limit.span.start, limit.span.end) === String(limit.integer)
  return isPlain ? { by: 'guard', maxRows, edit: { span: limit.span, text: `${maxRows}` } } : reader
}
