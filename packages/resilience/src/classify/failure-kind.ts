/**
 * What a failure says about the upstream and about another attempt.
 *
 * | Kind | Another attempt | The upstream is unwell | Such as |
 * | --- | --- | --- | --- |
 * | `passing` | yes | yes | a reset connection, 503 |
 * | `limited` | yes | no | 429: it works, and wants less |
 * | `contended` | yes | no | a deadlock, a lock that others hold |
 * | `broken` | no | yes | a full disk, an expired certificate |
 * | `rejected` | no | no | 400, a syntax error, a spent quota |
 * | `cancelled` | no | no | an abort |
 * | `unknown` | no | yes | everything that no table knows |
 */
export type FailureKind =
  | 'passing'
  | 'limited'
  | 'contended'
  | 'broken'
  | 'rejected'
  | 'cancelled'
  | 'unknown'

/** Kinds of failures by code. */
export type KindTable = Readonly<Record<string, FailureKind>>

/** Reads a table without falling for the names that every object has. */
export function lookUp(table: KindTable, code: unknown): FailureKind | undefined {
  return typeof code === 'string' && Object.hasOwn(table, code) ? table[code] : undefined
}

/** Builds a table from one line per kind. */
export function tableOf(lines: Partial<Record<FailureKind, string>>): KindTable {
  const table: Record<string, FailureKind> = {}
  for (const kind of kinds) {
    for (const code of (lines[kind] ?? '').split(/\s+/)) if (code !== '') table[code] = kind
  }
  return table
}

const kinds: readonly FailureKind[] = [
  'passing',
  'limited',
  'contended',
  'broken',
  'rejected',
  'cancelled',
  'unknown',
]
