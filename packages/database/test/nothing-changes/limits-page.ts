import type { Attack } from '../../../sql-guard/test/attacks/attack.ts'
import type { Aftermath } from './world.ts'

/** What attacks are about, by the number of their vector in the threat model. */
const abouts: Readonly<Record<number, string>> = {
  4: 'plans of statements',
  5: 'variables',
  6: 'locks while a statement runs',
  18: 'files of the server',
  19: 'large objects',
  20: 'SQL inside a text',
  23: 'settings and locks of the session, until its end',
  24: 'sequences',
  25: 'administration and the state of the server',
  26: 'functions of users',
  27: 'messages',
  34: 'system tables',
  38: 'what is below columns',
  42: 'waiting, until the time is over',
  43: 'much work for few rows',
}

/** The part of the page about one engine. */
export function limitsOf(engine: string, { changed, gave }: Aftermath): string {
  const rows = changed.map(({ sql, aspects }) => `| \`${inCell(sql)}\` | ${aspects.join(', ')} |`)
  const changes =
    rows.length === 0
      ? 'Nothing changed.\n'
      : ['| Text | What changed |', '| --- | --- |', ...rows, ''].join('\n')
  const about = Map.groupBy(
    gave,
    ({ vector }) => abouts[vector] ?? 'other statements that give rows',
  )
  const read = [...about]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([what, texts]) => `| ${what} | ${texts.length} | \`${inCell(shortestOf(texts))}\` |`)
  return [
    `## ${engine}`,
    '',
    changes,
    'Texts that do more than read tables, and gave rows:',
    '',
    '| About | Texts | Such as |',
    '| --- | --- | --- |',
    ...read,
    '',
  ].join('\n')
}

/** A text as a cell of a table shows it. */
export function inCell(sql: string): string {
  return sql.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('`', "'")
}

function shortestOf(texts: readonly Attack[]): string {
  return texts.map(({ sql }) => sql).toSorted((one, other) => one.length - other.length)[0] ?? ''
}
