import type { Answer } from '@t2t/llm-sql'
import { bold, cyan, dim, green, indent, red } from './style.ts'
import { drawTable } from './table.ts'

/** Writes an answer for people: how it was read, the SQL, the rows, and where each fact came from. */
export function drawAnswer(answer: Answer, tookMs: number): string {
  const parts = [bold(answer.question), ...entities(answer), ...body(answer)]
  const missing = answer.missing.map((source) => `${source.name} (${source.reason})`)
  if (missing.length > 0) parts.push(red(`missing   ${missing.join(', ')}`))
  const sources = answer.sources.map((source) => `${source.name} ${dim(source.uri ?? '')}`.trim())
  parts.push(
    dim('sources   ') + (sources.join(dim(' · ')) || 'none'),
    dim(`took      ${tookMs.toFixed(0)} ms`),
  )
  return parts.map((part, index) => (index === 0 ? part : indent(part, 2))).join('\n')
}

function entities(answer: Answer): string[] {
  if (answer.entities.length === 0) return []
  const width = Math.max(...answer.entities.map((entity) => entity.term.length))
  return answer.entities.map(
    (entity) =>
      `${cyan(entity.term.padEnd(width))} → ${entity.meaning} ${dim(`from ${entity.source.name}`)}`,
  )
}

function body(answer: Answer): string[] {
  switch (answer.kind) {
    case 'answered':
      return [
        dim(answer.sql),
        indent(drawTable(answer.columns, answer.rows), 2),
        ...(answer.isTruncated ? [red('A limit ended the reading: these are not all rows.')] : []),
        ...(answer.warnings ?? []).map(({ message }) => red(`careful   ${message}`)),
        `${green('answered')}  confidence ${answer.confidence.toFixed(2)}${answer.attempts > 1 ? `, ${answer.attempts} attempts` : ''}`,
      ]
    case 'refused':
      return [
        dim(answer.sql),
        ...answer.findings.map(
          (finding) => `${red('refused')}   ${finding.code}: ${finding.message}`,
        ),
      ]
    case 'clarify':
      return [
        `${cyan('asks')}      ${answer.ask}`,
        ...answer.choices.map((choice) => `          · ${choice}`),
      ]
    case 'failed':
      return [`${red('failed')}    ${answer.code}: ${answer.message}`]
  }
}
