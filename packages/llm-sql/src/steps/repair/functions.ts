import type { DialectName } from '@t2t/sql-guard'
import { is, lex, type SqlToken } from './sql/lex.ts'
import type { RepairStep } from './repair-step.ts'
import type { Statement } from './sql/references.ts'

type Write = (args: readonly string[]) => string | undefined

const dateFormat = { year: '%Y', month: '%m', day: '%d' }

/** How one dialect writes a call of another; by dialect and function. */
const calls: Readonly<Partial<Record<DialectName, Readonly<Record<string, Write>>>>> = {
  sqlite: {
    ...datePart((unit, of) => `CAST(strftime('${dateFormat[unit]}', ${of}) AS INTEGER)`),
    now: () => "datetime('now')",
    getdate: () => "datetime('now')",
    curdate: () => "date('now')",
    today: () => "date('now')",
    concat: (args) => (args.length < 2 ? undefined : `(${args.join(' || ')})`),
    len: ([of]) => `length(${of})`,
    char_length: ([of]) => `length(${of})`,
    isnull: (args) => (args.length === 2 ? `ifnull(${args.join(', ')})` : undefined),
    nvl: (args) => `ifnull(${args.join(', ')})`,
    string_agg: (args) => `group_concat(${args.join(', ')})`,
    datediff: (args) =>
      args.length === 2
        ? `CAST(julianday(${args[0]}) - julianday(${args[1]}) AS INTEGER)`
        : undefined,
    left: (args) => (args.length === 2 ? `substr(${args[0]}, 1, ${args[1]})` : undefined),
    right: (args) => (args.length === 2 ? `substr(${args[0]}, -(${args[1]}))` : undefined),
    to_char: ([of, format]) => fromPattern(of, format),
    date_format: ([of, format]) => `strftime(${format}, ${of})`,
    rand: () => 'random()',
  },
  postgres: {
    ...datePart((unit, of) => `EXTRACT(${unit.toUpperCase()} FROM ${of})`),
    ifnull: (args) => `COALESCE(${args.join(', ')})`,
    isnull: (args) => (args.length === 2 ? `COALESCE(${args.join(', ')})` : undefined),
    nvl: (args) => `COALESCE(${args.join(', ')})`,
    len: ([of]) => `LENGTH(${of})`,
    getdate: () => 'NOW()',
    curdate: () => 'CURRENT_DATE',
    group_concat: (args) => `STRING_AGG(CAST(${args[0]} AS text), ${args[1] ?? "','"})`,
    strftime: ([format, of]) => toPattern(of, format),
    date_format: ([of, format]) => toPattern(of, format),
    datediff: (args) =>
      args.length === 2 ? `(CAST(${args[0]} AS date) - CAST(${args[1]} AS date))` : undefined,
    rand: () => 'random()',
    total: ([of]) => `COALESCE(SUM(${of}), 0)`,
  },
  mysql: {
    len: ([of]) => `LENGTH(${of})`,
    getdate: () => 'NOW()',
    nvl: (args) => `IFNULL(${args.join(', ')})`,
    string_agg: ([of, separator]) =>
      `GROUP_CONCAT(${of}${separator === undefined ? '' : ` SEPARATOR ${separator}`})`,
    strftime: ([format, of]) => `DATE_FORMAT(${of}, ${format})`,
    julianday: ([of]) => `TO_DAYS(${of})`,
    total: ([of]) => `COALESCE(SUM(${of}), 0)`,
    random: () => 'RAND()',
  },
}

function datePart(
  write: (unit: 'year' | 'month' | 'day', of: string) => string,
): Readonly<Record<string, Write>> {
  const part =
    (unit: 'year' | 'month' | 'day'): Write =>
    ([of, more]) =>
      of === undefined || more !== undefined ? undefined : write(unit, of)
  return { year: part('year'), month: part('month'), day: part('day') }
}

const patterns = [
  ['%Y', 'YYYY'],
  ['%m', 'MM'],
  ['%d', 'DD'],
  ['%H', 'HH24'],
  ['%M', 'MI'],
  ['%S', 'SS'],
] as const

function toPattern(of: string | undefined, format: string | undefined): string | undefined {
  if (of === undefined || format === undefined) return undefined
  const text = patterns.reduce((all, [from, to]) => all.replaceAll(from, to), format)
  return text.includes('%') ? undefined : `TO_CHAR(CAST(${of} AS timestamp), ${text})`
}

function fromPattern(of: string | undefined, format: string | undefined): string | undefined {
  if (of === undefined || format === undefined) return undefined
  const text = patterns.reduce((all, [to, from]) => all.replaceAll(from, to), format)
  return text === format ? undefined : `strftime(${text}, ${of})`
}

/** Writes what belongs to another dialect as the dialect of the catalog has it; one thing at a time. */
export function repairFunctions({ tokens, sql, catalog }: Statement): RepairStep | undefined {
  const { dialect } = catalog
  for (const [at, token] of tokens.entries()) {
    const step =
      call(at, tokens, sql, dialect) ??
      operator(at, token, tokens, sql, dialect) ??
      quoting(token, dialect)
    if (step !== undefined) return step
  }
  return top(tokens, sql, dialect)
}

function replaced(start: number, end: number, text: string, name: string, by: string): RepairStep {
  return {
    edits: [{ start, end, text }],
    repairs: [{ kind: 'function-unknown', name, by, certainty: 'likely' }],
  }
}

function call(
  at: number,
  tokens: readonly SqlToken[],
  sql: string,
  dialect: DialectName,
): RepairStep | undefined {
  const token = tokens[at]
  if (token === undefined || token.kind !== 'word' || !is(tokens[at + 1], '(')) return undefined
  const end = closing(tokens, at + 1)
  if (end === undefined) return undefined
  const inner = sql.slice(tokens[at + 1]?.end, tokens[end]?.start)
  const span = [token.start, tokens[end]?.end ?? 0] as const
  if (dialect === 'sqlite' && token.name === 'extract') {
    const [, unit = '', of = ''] = /^\s*(year|month|day)\s+from\s+([^]+)$/i.exec(inner) ?? []
    const text = calls.sqlite?.[unit.toLowerCase()]?.([of.trim()])
    return text === undefined ? undefined : replaced(...span, text, 'EXTRACT', 'strftime')
  }
  const text = calls[dialect]?.[token.name]?.(argumentsOf(inner))
  if (text === undefined) return undefined
  return replaced(...span, text, token.text, text.slice(0, text.indexOf('(') + 1) || text)
}

function argumentsOf(text: string): readonly string[] {
  if (text.trim() === '') return []
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const token of lex(text)) {
    if (is(token, '(')) depth += 1
    if (is(token, ')')) depth -= 1
    if (depth !== 0 || !is(token, ',')) continue
    parts.push(text.slice(start, token.start).trim())
    start = token.end
  }
  return [...parts, text.slice(start).trim()]
}

function operator(
  at: number,
  token: SqlToken,
  tokens: readonly SqlToken[],
  sql: string,
  dialect: DialectName,
): RepairStep | undefined {
  if (is(token, 'ilike') && dialect !== 'postgres' && dialect !== 'clickhouse')
    return replaced(token.start, token.end, 'LIKE', 'ILIKE', 'LIKE')
  if (is(token, '==') && dialect === 'postgres')
    return replaced(token.start, token.end, '=', '==', '=')
  if (is(token, '::') && dialect !== 'postgres' && dialect !== 'clickhouse') {
    const type = tokens[at + 1]
    const from = operandBefore(at, tokens)
    const start = tokens[from]?.start
    const before = tokens[at - 1]
    if (type === undefined || start === undefined || before === undefined) return undefined
    const text = `CAST(${sql.slice(start, before.end)} AS ${type.text})`
    return replaced(start, type.end, text, '::', 'CAST')
  }
  const isComma = is(token, 'limit') && tokens[at + 1]?.kind === 'number' && is(tokens[at + 2], ',')
  const [offset, count] = [tokens[at + 1], tokens[at + 3]]
  if (isComma && dialect === 'postgres' && offset !== undefined && count?.kind === 'number')
    return replaced(
      offset.start,
      count.end,
      `${count.text} OFFSET ${offset.text}`,
      'LIMIT',
      'OFFSET',
    )
  return undefined
}

/** The first token of what stands before an operator. */
function operandBefore(at: number, tokens: readonly SqlToken[]): number {
  let from = at - 1
  if (is(tokens[from], ')')) {
    let depth = 0
    for (; from >= 0; from--) {
      if (is(tokens[from], ')')) depth += 1
      if (is(tokens[from], '(')) depth -= 1
      if (depth === 0) break
    }
    return tokens[from - 1]?.kind === 'word' ? from - 1 : from
  }
  while (is(tokens[from - 1], '.')) from -= 2
  return from
}

function quoting(
  { kind, text, start, end }: SqlToken,
  dialect: DialectName,
): RepairStep | undefined {
  if (kind !== 'quoted' || dialect !== 'postgres' || !/^[`[]/.test(text)) return undefined
  const by = `"${text.slice(1, -1).replaceAll('"', '""')}"`
  return replaced(start, end, by, text, by)
}

/** `SELECT TOP 5 …` and `FETCH FIRST 5 ROWS ONLY` are a `LIMIT`. */
function top(
  tokens: readonly SqlToken[],
  sql: string,
  dialect: DialectName,
): RepairStep | undefined {
  const at = tokens.findIndex((token) => is(token, 'top'))
  const count = is(tokens[at + 1], '(') ? tokens[at + 2] : tokens[at + 1]
  const last = is(tokens[at + 1], '(') ? tokens[at + 3] : count
  const isFirst =
    is(tokens[at - 1], 'select', 'distinct') &&
    tokens.findIndex((one) => is(one, 'select')) >= at - 2
  if (
    at < 1 ||
    !isFirst ||
    count?.kind !== 'number' ||
    last === undefined ||
    dialect === 'clickhouse'
  )
    return undefined
  const end = tokens.findLast((token) => !is(token, ';'))?.end ?? sql.length
  return {
    edits: [
      { start: tokens[at]?.start ?? 0, end: last.end, text: '' },
      { start: end, end, text: ` LIMIT ${count.text}` },
    ],
    repairs: [{ kind: 'function-unknown', name: 'TOP', by: 'LIMIT', certainty: 'likely' }],
  }
}

function closing(tokens: readonly SqlToken[], from: number): number | undefined {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    if (is(tokens[at], '(')) depth += 1
    if (is(tokens[at], ')')) depth -= 1
    if (depth === 0) return at
  }
  return undefined
}
