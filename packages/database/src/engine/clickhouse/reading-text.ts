import { StatementRefusedError } from '../../errors/errors.ts'

/** Strings, quoted names and comments, whose words mean nothing. */
const quoted =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?\*\//g

/**
 * The text with the format that we read, without the semicolon that may end it.
 *
 * @throws {@link StatementRefusedError} for a text that does not begin like a statement that reads, or
 * that sets what the session has set: a profile that only reads may still change limits.
 */
export function readingText(sql: string): string {
  const code = sql.replaceAll(quoted, (match) => (/^['"`]/.test(match) ? ' x ' : ' '))
  const [, first = ''] = /^\s*(\(|\w+)/.exec(code) ?? []
  if (sql.includes('\0')) throw new StatementRefusedError('The text contains a NUL character.')
  if (!reading.has(first.toUpperCase())) {
    throw new StatementRefusedError('Only statements that read can run.')
  }
  if (/\bSETTINGS\s+\w+\s*=|\bINTO\s+OUTFILE\b|\bFORMAT\s+\w+[\s;]*$/i.test(code)) {
    throw new StatementRefusedError('The statement must not set SETTINGS, FORMAT or INTO OUTFILE.')
  }
  return `${sql.replace(/[;\s]+$/, '')}\nFORMAT ${rowFormat}`
}

const rowFormat = 'JSONCompactEachRowWithNamesAndTypes'

const reading: ReadonlySet<string> = new Set([
  '(',
  'DESC',
  'DESCRIBE',
  'EXISTS',
  'EXPLAIN',
  'SELECT',
  'SHOW',
  'WITH',
])
