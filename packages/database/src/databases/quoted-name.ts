import type { DialectName } from '@t2t/sql-guard'

/** A name as the dialect quotes it. */
export function quotedName(name: string, dialect: DialectName): string {
  const quote = dialect === 'mysql' || dialect === 'clickhouse' ? '`' : '"'
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
}
