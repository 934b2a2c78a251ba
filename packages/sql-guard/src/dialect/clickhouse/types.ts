import type { Cursor } from './text/cursor.ts'

/** Steps over the name of a type with all that stands between its brackets. */
export function skipType(cursor: Cursor): void {
  cursor.anyName()
  while (typeWords.has(cursor.peek().keyword ?? '')) cursor.next()
  if (!cursor.accept('(')) return
  for (let depth = 1; depth > 0;) {
    const { kind, text } = cursor.peek()
    if (kind === 'symbol' && !'(),=-.'.includes(text)) cursor.fail()
    if (kind === 'end') cursor.fail()
    if (kind === 'symbol') depth += text === '(' ? 1 : text === ')' ? -1 : 0
    cursor.next()
  }
}

/** Second words of types that have two. */
const typeWords: ReadonlySet<string> = new Set(['PRECISION', 'VARYING', 'SIGNED', 'UNSIGNED'])
