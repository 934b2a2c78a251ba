import type { Answer } from '@t2t/llm-sql'

const shownRows = 50

/** The answer as a chat interface shows it, in the pieces in which it is sent. */
export function markdownOf(answer: Exclude<Answer, { kind: 'failed' }>): readonly string[] {
  switch (answer.kind) {
    case 'answered': {
      const { explanation, columns, rows, isTruncated, sql } = answer
      const shown = rows.slice(0, shownRows)
      const more =
        rows.length > shown.length || isTruncated
          ? `\n${shown.length} of ${rows.length}${isTruncated ? ' or more' : ''} rows are shown.\n`
          : ''
      const lines = [columns, columns.map(() => '---'), ...shown].map(
        (cells) => `| ${cells.map(cellText).join(' | ')} |`,
      )
      const fence = '`'.repeat(
        Math.max(3, ...(sql.match(/`+/g) ?? []).map(({ length }) => length + 1)),
      )
      const missing = answer.missing.map(({ name }) => name).join(', ')
      return [
        `${explanation}\n\n`,
        `${lines.join('\n')}\n${more}\n`,
        `${fence}sql\n${sql}\n${fence}\n`,
        ...(missing === '' ? [] : [`\nAnswered without: ${missing}.\n`]),
      ]
    }
    case 'clarify':
      return [answer.ask, ...answer.choices.map((choice) => `\n- ${choice}`)]
    case 'refused':
      return ['Refused.', ...answer.findings.map(({ message }) => ` ${message}`)]
  }
}

/** The same for programs that ask for JSON. */
export function jsonOf(answer: Exclude<Answer, { kind: 'failed' }>): string {
  switch (answer.kind) {
    case 'answered': {
      const { sql, columns, rows, isTruncated, explanation } = answer
      return JSON.stringify({ sql, columns, rows, truncated: isTruncated, explanation })
    }
    case 'clarify':
      return JSON.stringify({ ask: answer.ask, choices: answer.choices })
    case 'refused':
      return JSON.stringify({
        refused: answer.findings.map(({ code, message }) => ({ code, message })),
      })
  }
}

/** What a database holds is text: it must not become a link, an image or another column. */
function cellText(value: string | number | boolean | null): string {
  if (value === null) return '∅'
  return String(value)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\\`*_{}[\]<>()#!|~]/g, (sign) => `\\${sign}`)
}
