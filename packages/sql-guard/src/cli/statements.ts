import type { Lexis } from '../dialect/dialect.ts'
import { skipQuoted } from '../gate/skip.ts'

/** Characters after which a statement is taken as it is, finished or not. */
const maxLength = 16_777_216

/** Splits a script at its semicolons; those in strings, names and comments do not count. */
export function splitStatements(script: string, lexis: Lexis): readonly string[] {
  const { statements, rest } = split(script, lexis)
  return trimmed([...statements, rest])
}

/** Gives the statements of a script that comes in pieces, each as soon as it ends. */
export async function* streamStatements(
  pieces: AsyncIterable<string>,
  lexis: Lexis,
): AsyncGenerator<string> {
  let pending = ''
  for await (const piece of pieces) {
    pending += piece
    if (!piece.includes(';') && pending.length <= maxLength) continue
    const { statements, rest } = split(pending, lexis)
    yield* trimmed(statements)
    pending = rest
    if (pending.length > maxLength) {
      yield pending
      pending = ''
    }
  }
  yield* splitStatements(pending, lexis)
}

/** The statements that have ended, and what follows the last of them. */
function split(
  script: string,
  lexis: Lexis,
): { readonly statements: readonly string[]; readonly rest: string } {
  const statements: string[] = []
  let start = 0
  let at = 0
  while (at < script.length) {
    const skipped = skipQuoted(script, at, lexis)
    if (skipped === 'unterminated') break
    if (skipped !== undefined) {
      at = skipped.end
      continue
    }
    if (script[at] === ';') {
      statements.push(script.slice(start, at))
      start = at + 1
    }
    at++
  }
  return { statements, rest: script.slice(start) }
}

function trimmed(statements: readonly string[]): readonly string[] {
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '')
}
