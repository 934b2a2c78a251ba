import type { Catalog } from '@t2t/sql-guard'
import { editDistance } from '../../entities/fold.ts'
import { keywords } from './sql/keywords.ts'
import { is, lex, type SqlToken } from './sql/lex.ts'
import type { Repair, RepairStep } from './repair-step.ts'

const mainWords = [
  'select',
  'from',
  'where',
  'group',
  'order',
  'having',
  'limit',
  'join',
  'inner',
  'distinct',
  'between',
  'union',
  'intersect',
  'except',
  'count',
]

/** Mends what keeps a text from being read at all: one thing at a time. */
export function repairText(sql: string, catalog: Catalog): RepairStep | undefined {
  const tokens = lex(sql)
  return (
    around(sql, tokens) ??
    spacedOperators(tokens) ??
    openQuote(tokens, sql) ??
    misspeltWord(tokens, catalog) ??
    groupDirection(tokens) ??
    brackets(tokens, sql) ??
    cutOff(tokens, sql)
  )
}

function step(start: number, end: number, text: string, repair: Repair): RepairStep {
  return { edits: [{ start, end, text }], repairs: [repair] }
}

/** Text before the statement, and after its semicolon. */
function around(sql: string, tokens: readonly SqlToken[]): RepairStep | undefined {
  const fenced = inFence(sql)
  if (fenced !== undefined)
    return step(0, sql.length, fenced, about('text-around', 'code fence', 'the statement', 'sure'))
  const first = tokens[0]
  const start = tokens.find((token) => is(token, 'select', 'with'))
  if (first !== undefined && start !== undefined && start !== first && !is(first, '('))
    if (!tokens.some((token) => token.start < start.start && is(token, ';')))
      return step(0, start.start, '', about('text-around', 'text before', 'the statement', 'sure'))
  const semicolon = tokens.findIndex((token) => is(token, ';'))
  const rest = semicolon < 0 ? undefined : tokens[semicolon + 1]
  const isStatement = tokens
    .slice(semicolon + 1)
    .some((token) => token.kind === 'word' && keywordsOfStatements.has(token.name))
  if (rest === undefined || isStatement) return undefined
  const end = tokens[semicolon]?.start ?? sql.length
  return step(end, sql.length, '', about('text-around', 'text after', 'the statement', 'sure'))
}

/** What stands in the first code fence, when that is a statement. */
function inFence(sql: string): string | undefined {
  const open = /```\w{0,20}/.exec(sql)
  if (open === null) return undefined
  const start = open.index + open[0].length
  const end = sql.indexOf('```', start)
  const body = sql.slice(start, end < 0 ? undefined : end).trim()
  return /^(?:select|with)\b/i.test(body) ? body : undefined
}

/** Text that could be a statement is never thrown away. */
const keywordsOfStatements = new Set(
  'select with insert update delete merge replace drop create alter truncate grant revoke explain pragma attach copy vacuum call do set values begin commit rollback exec execute'.split(
    ' ',
  ),
)

function spacedOperators(tokens: readonly SqlToken[]): RepairStep | undefined {
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1]
    const isSplit = is(token, '<', '>', '!') && is(next, '=', '>') && next !== undefined
    if (!isSplit || next.start === token.end) continue
    const by = `${token.text}${next.text}`
    return step(
      token.start,
      next.end,
      by,
      about('text-around', `${token.text} ${next.text}`, by, 'sure'),
    )
  }
  return undefined
}

function openQuote(tokens: readonly SqlToken[], sql: string): RepairStep | undefined {
  const open = tokens.find(({ isOpen }) => isOpen === true)
  if (open === undefined) return undefined
  const mark =
    open.text.replace(/^[eEnN](?=')/, '')[0] === '`' ? '`' : open.kind === 'string' ? "'" : '"'
  let at = sql.length
  while (at > open.start + 1 && /[\s);]/.test(sql[at - 1] ?? '')) at -= 1
  return step(at, at, mark, about('quote-open', 'an open quote', 'a closed one', 'likely'))
}

/** `FORM`, `SELCT`, `GROUP YB`: a word that is nothing else, one letter away from one of SQL. */
function misspeltWord(tokens: readonly SqlToken[], catalog: Catalog): RepairStep | undefined {
  const names = new Set(
    catalog.tables
      .flatMap((table) => [table.name, ...table.columns.map(({ name }) => name)])
      .map((name) => name.toLowerCase()),
  )
  const aliases = new Set(
    tokens.flatMap((token, at) =>
      is(tokens[at - 1], 'as') || is(tokens[at + 1], '.') ? [token.name] : [],
    ),
  )
  for (const [at, token] of tokens.entries()) {
    const { name, kind } = token
    const isOther =
      kind !== 'word' ||
      name.length < 4 ||
      keywords.has(name) ||
      names.has(name) ||
      aliases.has(name)
    if (isOther || is(tokens[at - 1], '.', 'as') || is(tokens[at + 1], '.')) continue
    const meant = mainWords.filter((word) => editDistance(name, word) === 1)
    const [word] = meant
    if (word === undefined || meant.length > 1) continue
    const isCall = is(tokens[at + 1], '(')
    if (isCall !== (word === 'count') && !(isCall && ['where', 'from', 'having'].includes(word)))
      continue
    const by = word.toUpperCase()
    return step(token.start, token.end, by, about('keyword-misspelt', token.text, by, 'sure'))
  }
  return undefined
}

/** `GROUP BY x DESC` orders, and groups have no direction. */
function groupDirection(tokens: readonly SqlToken[]): RepairStep | undefined {
  const at = tokens.findIndex((token, index) => is(token, 'group') && is(tokens[index + 1], 'by'))
  const end = tokens.findIndex(
    (token, index) => index > at && is(token, 'asc', 'desc', 'having', 'order', ')'),
  )
  if (at < 0 || !is(tokens[end], 'asc', 'desc')) return undefined
  const token = tokens[at]
  if (token === undefined) return undefined
  return step(
    token.start,
    token.end,
    'ORDER',
    about('keyword-misspelt', 'GROUP BY', 'ORDER BY', 'guess'),
  )
}

function brackets(tokens: readonly SqlToken[], sql: string): RepairStep | undefined {
  let depth = 0
  for (const token of tokens) {
    if (is(token, '(')) depth += 1
    if (!is(token, ')')) continue
    depth -= 1
    if (depth < 0)
      return step(token.start, token.end, '', about('bracket-open', ')', 'nothing', 'likely'))
  }
  const last = tokens.at(-1)
  if (depth === 0 || last === undefined || isDangling(last)) return undefined
  const end = is(last, ';') ? last.start : sql.length
  const by = ')'.repeat(depth)
  return step(end, end, by, about('bracket-open', '(', `(…${by}`, 'likely'))
}

const danglingWords = new Set(
  'from where and or on join inner left right group order by having limit between like in not is as union intersect except case when then else using distinct'.split(
    ' ',
  ),
)

function isDangling(token: SqlToken): boolean {
  if (token.kind === 'word') return danglingWords.has(token.name)
  return token.kind === 'symbol' && !is(token, ')', '*', ';')
}

/** A text that ends in the middle of a condition or list: without what cannot be complete. */
function cutOff(tokens: readonly SqlToken[], sql: string): RepairStep | undefined {
  const last = tokens.at(-1)
  if (last === undefined || !isDangling(last)) return undefined
  const edges = [
    'and',
    'or',
    'where',
    'on',
    'join',
    'group',
    'order',
    'having',
    'limit',
    ',',
    'union',
    'intersect',
    'except',
  ]
  const isOn = tokens.findLastIndex((token) => is(token, 'on'))
  const edge = tokens.findLastIndex((token) => is(token, ...edges))
  if (edge < 0 || !tokens.some((token) => is(token, 'from'))) return undefined
  const cutAt =
    isOn === edge ? tokens.findLastIndex((token, at) => at <= edge && is(token, 'join')) : edge
  const token = tokens[Math.max(cutAt, 0)]
  if (token === undefined || cutAt <= 0) return undefined
  return step(
    token.start,
    sql.length,
    '',
    about('text-cut-off', 'an incomplete end', 'nothing', 'guess'),
  )
}

function about(
  kind: Repair['kind'],
  name: string,
  by: string,
  certainty: Repair['certainty'],
): Repair {
  return { kind, name, by, certainty }
}
