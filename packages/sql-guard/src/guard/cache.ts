import type { Verdict } from './verdict.ts'

/** Texts that are longer are decided about anew each time, so that a cache stays small. */
const maxLength = 8_192

/**
 * Remembers the verdicts on the texts that were seen last. A guard has one policy and one catalog,
 * so that the text alone says what the verdict is.
 */
export function remembering(
  decide: (sql: string) => Verdict,
  maxTexts: number,
): (sql: string) => Verdict {
  if (maxTexts === 0) return decide
  const verdicts = new Map<string, Verdict>()
  return (sql) => {
    const known = verdicts.get(sql)
    if (known !== undefined) {
      // What is used moves to the end; what is first goes first.
      if (verdicts.size >= maxTexts) {
        verdicts.delete(sql)
        verdicts.set(sql, known)
      }
      return known
    }
    const verdict = decide(sql)
    if (sql.length > maxLength) return verdict
    verdicts.set(sql, verdict)
    if (verdicts.size > maxTexts) {
      const [oldest] = verdicts.keys()
      if (oldest !== undefined) verdicts.delete(oldest)
    }
    return verdict
  }
}
