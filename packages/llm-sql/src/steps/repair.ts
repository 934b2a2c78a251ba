import type { Finding } from '@t2t/sql-guard'

const unknownNames: ReadonlySet<string> = new Set(['table-unknown', 'column-unknown'])

/** A text in which unknown names were replaced. */
export interface Repaired {
  readonly sql: string
  /** What was read as what. */
  readonly replaced: readonly { readonly name: string; readonly by: string }[]
}

/**
 * Replaces names that do not exist by the permitted name that the guard holds to be meant.
 *
 * Only where the two look like one name with a typing error, or differ in their form: another
 * name in its place would run and give a wrong answer.
 *
 * @returns `undefined` when any of the findings is about something else, or has no such candidate.
 */
export function repair(sql: string, findings: readonly Finding[]): Repaired | undefined {
  const replaced: { name: string; by: string }[] = []
  let text = sql
  const ordered = findings.toSorted((a, b) => (b.span?.start ?? 0) - (a.span?.start ?? 0))
  for (const { code, span, candidates } of ordered) {
    if (!unknownNames.has(code) || span === undefined) return undefined
    const name = sql.slice(span.start, span.end)
    const candidate = candidates?.find((one) => isTypingError(plainName(name), plainName(one)))
    if (candidate === undefined) return undefined
    const by = qualifiedLike(name, candidate)
    if (by === name) return undefined
    text = `${text.slice(0, span.start)}${by}${text.slice(span.end)}`
    replaced.push({ name, by })
  }
  return replaced.length === 0 ? undefined : { sql: text, replaced }
}

/** Keeps the qualifier that the text has: `o.totl` becomes `o.total` for `total` and `orders.total`. */
function qualifiedLike(name: string, candidate: string): string {
  const plain = plainName(candidate)
  const written = /^[A-Za-z_]\w*$/.test(plain) ? plain : `"${plain.replaceAll('"', '""')}"`
  const dot = name.lastIndexOf('.')
  return dot < 0 ? written : `${name.slice(0, dot + 1)}${written}`
}

function plainName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).replaceAll(/^"|"$/g, '')
}

/** Whether one of four letters at the most differs, or only case, underscores and the plural do. */
function isTypingError(written: string, meant: string): boolean {
  const form = (name: string): string => name.toLowerCase().replaceAll('_', '').replace(/s$/, '')
  const [left, right] = [form(written), form(meant)]
  return editDistance(left, right) * 4 <= Math.max(left.length, right.length)
}

/** Letters to insert, delete or replace. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const kept = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
