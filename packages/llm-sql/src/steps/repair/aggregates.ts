import type { Block, TokenRange } from './sql/blocks.ts'
import { is, type SqlToken } from './sql/lex.ts'
import { tableOf, type Statement } from './sql/references.ts'
import type { Repair, RepairStep } from './repair-step.ts'

const aggregates = ['count', 'sum', 'avg', 'min', 'max', 'total', 'group_concat', 'string_agg']

/** Mends aggregates that stand where none may: within another, in `WHERE`, or without groups. */
export function repairAggregates(statement: Statement): RepairStep | undefined {
  for (const block of statement.blocks) {
    const step =
      nested(block, statement) ??
      inWhere(block, statement) ??
      inOrder(block, statement) ??
      ungrouped(block, statement)
    if (step !== undefined) return step
  }
  return undefined
}

/** `MAX(COUNT(*))` over groups is the count of the group that has most. */
function nested(block: Block, { tokens, sql }: Statement): RepairStep | undefined {
  const select = block.clauses.get('select')
  if (select === undefined || block.clauses.has('order') || block.clauses.has('limit'))
    return undefined
  for (let at = select.from; at < select.to; at++) {
    if (!is(tokens[at], 'max', 'min') || !is(tokens[at + 1], '(') || !isCall(tokens, at + 2))
      continue
    const end = closing(tokens, at + 1)
    const inner = closing(tokens, at + 3)
    if (
      end === undefined ||
      inner === undefined ||
      inner + 1 !== end ||
      !block.clauses.has('group')
    )
      continue
    const call = sql.slice(tokens[at + 2]?.start, tokens[inner]?.end)
    const direction = is(tokens[at], 'max') ? 'DESC' : 'ASC'
    const last = tokens[block.to - 1]?.end ?? sql.length
    return {
      edits: [
        { start: tokens[at]?.start ?? 0, end: tokens[end]?.end ?? 0, text: call },
        { start: last, end: last, text: ` ORDER BY ${call} ${direction} LIMIT 1` },
      ],
      repairs: [
        aggregate(
          `${tokens[at]?.text} of ${tokens[at + 2]?.text}`,
          'the first of all groups',
          'sure',
        ),
      ],
    }
  }
  return undefined
}

/** A condition on an aggregate belongs to the groups. */
function inWhere(block: Block, statement: Statement): RepairStep | undefined {
  const { tokens, sql } = statement
  const where = block.clauses.get('where')
  if (where === undefined || block.clauses.has('having')) return undefined
  const parts = conjunctsOf(where, tokens)
  const moved = parts.filter((part) => callsIn(part, block, tokens))
  if (moved.length === 0 || parts.length === 0) return undefined
  const textOf = ({ from, to }: TokenRange): string =>
    sql.slice(tokens[from]?.start, tokens[to - 1]?.end)
  const kept = parts.filter((part) => !moved.includes(part)).map(textOf)
  const group = block.clauses.get('group')
  const plain = plainOutputs(block, statement)
  const having = `HAVING ${moved.map(textOf).join(' AND ')}`
  const grouped = group !== undefined || plain.length === 0 ? '' : `GROUP BY ${plain.join(', ')} `
  const start = tokens[where.from - 1]?.start ?? 0
  const end = tokens[where.to - 1]?.end ?? 0
  const conditions = kept.length === 0 ? '' : `WHERE ${kept.join(' AND ')}`
  const repairs = [aggregate('WHERE', 'HAVING', grouped === '' ? 'sure' : 'likely')]
  if (group === undefined) {
    const text = [conditions, `${grouped}${having}`].filter((part) => part !== '').join(' ')
    return { edits: [{ start, end, text }], repairs }
  }
  const after = tokens[group.to - 1]?.end ?? end
  return {
    edits: [
      { start, end, text: conditions },
      { start: after, end: after, text: ` ${having}` },
    ],
    repairs,
  }
}

/** Ordering by an aggregate needs groups: those of what is shown. */
function inOrder(block: Block, statement: Statement): RepairStep | undefined {
  const order = block.clauses.get('order')
  const select = block.clauses.get('select')
  if (order === undefined || select === undefined || block.clauses.has('group')) return undefined
  if (!callsIn(order, block, statement.tokens) || callsIn(select, block, statement.tokens))
    return undefined
  const plain = plainOutputs(block, statement)
  return groupBy(
    block,
    statement,
    plain,
    isOneRowEach(plain, block, statement) ? 'guess' : 'likely',
  )
}

/** Groups by the key of the only table have one row each: what is counted stands elsewhere. */
function isOneRowEach(plain: readonly string[], block: Block, statement: Statement): boolean {
  const [relation, second] = block.relations
  const [key, composite] =
    (relation === undefined ? undefined : tableOf(relation, statement))?.primaryKey ?? []
  if (key === undefined || composite !== undefined || second !== undefined) return false
  return plain.some((part) => part.toLowerCase().split('.').at(-1) === key.toLowerCase())
}

/** Columns beside aggregates are groups. */
function ungrouped(block: Block, statement: Statement): RepairStep | undefined {
  const select = block.clauses.get('select')
  if (select === undefined || !callsIn(select, block, statement.tokens)) return undefined
  const plain = plainOutputs(block, statement)
  const group = block.clauses.get('group')
  if (group === undefined) return groupBy(block, statement, plain, 'likely')
  const { tokens, sql } = statement
  const shown = sql.slice(tokens[group.from]?.start, tokens[group.to - 1]?.end)
  const known = new Set(shown.split(',').map((part) => part.trim().toLowerCase()))
  const added = plain.filter((part) => !known.has(part.toLowerCase()))
  if (added.length === 0) return undefined
  const end = tokens[group.to - 1]?.end ?? 0
  return {
    edits: [{ start: end, end, text: `, ${added.join(', ')}` }],
    repairs: [
      { kind: 'group-missing', name: 'GROUP BY', by: added.join(', '), certainty: 'likely' },
    ],
  }
}

function groupBy(
  block: Block,
  { tokens }: Statement,
  plain: readonly string[],
  certainty: Repair['certainty'],
): RepairStep | undefined {
  const before = block.clauses.get('where') ?? block.clauses.get('from')
  if (plain.length === 0 || before === undefined) return undefined
  const end = tokens[before.to - 1]?.end ?? 0
  const by = plain.join(', ')
  return {
    edits: [{ start: end, end, text: ` GROUP BY ${by}` }],
    repairs: [{ kind: 'group-missing', name: 'GROUP BY', by, certainty }],
  }
}

/** Outputs without an aggregate, as they are written, without the names given to them. */
function plainOutputs(block: Block, { tokens, sql }: Statement): readonly string[] {
  const select = block.clauses.get('select')
  if (select === undefined) return []
  const from = is(tokens[select.from], 'distinct') ? select.from + 1 : select.from
  return listOf({ from, to: select.to }, tokens).flatMap((part) => {
    const isPlain =
      !callsIn(part, block, tokens) &&
      tokens.slice(part.from, part.to).every(({ kind }) => kind !== 'string' && kind !== 'number')
    if (!isPlain || is(tokens[part.to - 1], '*')) return []
    let to = part.to
    const as = tokens.findIndex((token, at) => at >= part.from && at < part.to && is(token, 'as'))
    if (as >= 0) to = as
    return [sql.slice(tokens[part.from]?.start, tokens[to - 1]?.end)]
  })
}

/** The parts between commas. */
function listOf(range: TokenRange, tokens: readonly SqlToken[]): readonly TokenRange[] {
  return split(range, tokens, (token) => is(token, ','))
}

/** The parts between `AND`; none when there is an `OR` or a `BETWEEN` beside them. */
function conjunctsOf(range: TokenRange, tokens: readonly SqlToken[]): readonly TokenRange[] {
  const isMixed = split(range, tokens, (token) => is(token, 'or', 'between')).length > 1
  return isMixed ? [] : split(range, tokens, (token) => is(token, 'and'))
}

function split(
  { from, to }: TokenRange,
  tokens: readonly SqlToken[],
  isEdge: (token: SqlToken) => boolean,
): readonly TokenRange[] {
  const parts: TokenRange[] = []
  let depth = 0
  let start = from
  for (let at = from; at < to; at++) {
    const token = tokens[at]
    if (token === undefined) break
    if (is(token, '(')) depth += 1
    if (is(token, ')')) depth -= 1
    if (depth !== 0 || !isEdge(token)) continue
    if (at > start) parts.push({ from: start, to: at })
    start = at + 1
  }
  if (to > start) parts.push({ from: start, to })
  return parts
}

/** Whether an aggregate of this very `SELECT` is called in a range. */
function callsIn({ from, to }: TokenRange, block: Block, tokens: readonly SqlToken[]): boolean {
  for (let at = from; at < to; at++) {
    const inner = block.children.find((child) => child.from <= at && at < child.to)
    if (inner !== undefined) at = inner.to - 1
    else if (isCall(tokens, at)) return true
  }
  return false
}

function isCall(tokens: readonly SqlToken[], at: number): boolean {
  return is(tokens[at], ...aggregates) && is(tokens[at + 1], '(')
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

function aggregate(name: string, by: string, certainty: Repair['certainty']): Repair {
  return { kind: 'aggregate-misplaced', name, by, certainty }
}
