import type { Lexis } from '../dialect/dialect.ts'
import { skipQuoted } from '../gate/skip.ts'

/** Splits a script at its semicolons; those in strings, names and comments do not count. */
export function splitStatements(script: string, lexis: Lexis): readonly string[] {
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
  statements.push(script.slice(start))
  return statements.map((statement) => statement.trim()).filter((statement) => statement !== '')
}
