/**
 * Says whether a text begins like a statement that reads.
 *
 * MySQL has statements that give rows and change something, such as ANALYZE TABLE or REPAIR TABLE,
 * and a transaction that only reads does not stop them.
 */
export function beginsReading(sql: string): boolean {
  const [, begin = ''] =
    /^(?:\s|--\s[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!M?!)[\s\S]*?\*\/)*(\(|\w+)/.exec(sql) ?? []
  return reading.has(begin.toUpperCase())
}

const reading: ReadonlySet<string> = new Set([
  '(',
  'DESC',
  'DESCRIBE',
  'EXPLAIN',
  'SELECT',
  'TABLE',
  'VALUES',
  'WITH',
])
