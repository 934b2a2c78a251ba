import type { Catalog } from '@t2t/sql-guard'
import { QueryFailedError, StatementRefusedError } from '../errors/errors.ts'

/**
 * Gives an error without the words of its engine where these name what the policy hides, as in
 * "permission denied" for what is behind a view. Names that the text says itself are no news.
 */
export function withoutHiddenNames(
  error: unknown,
  sql: string,
  { catalog, visible }: { readonly catalog: Catalog; readonly visible: Catalog },
): unknown {
  const isFailure = error instanceof QueryFailedError
  if (!isFailure && !(error instanceof StatementRefusedError)) return error
  const known = namesOf(visible)
  const said = sql.toLowerCase()
  const told = error.message.toLowerCase()
  const leaks = [...namesOf(catalog)].some(
    (name) => !known.has(name) && holdsWord(told, name) && !said.includes(name),
  )
  if (!leaks) return error
  const { engineCode } = error
  const reason = `The statement failed over something that the policy hides (${engineCode}).`
  return isFailure
    ? new QueryFailedError(reason, { engineCode, retryable: error.retryable })
    : new StatementRefusedError(reason, { engineCode })
}

function namesOf({ tables }: Catalog): ReadonlySet<string> {
  const names = tables.flatMap(({ schema, name, columns }) => [
    schema,
    name,
    ...columns.map((column) => column.name),
  ])
  return new Set(names.map((name) => name.toLowerCase()))
}

function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? ' ', text[at + word.length] ?? ' ']
    if (!isWordPart(before) && !isWordPart(after)) return true
  }
  return false
}

function isWordPart(character: string): boolean {
  return /[\p{L}\p{N}_$]/u.test(character)
}
