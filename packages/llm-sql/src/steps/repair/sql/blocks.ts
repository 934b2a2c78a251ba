import { is, type SqlToken } from './lex.ts'

/** The parts of a `SELECT`, by the word that begins them. */
export type ClauseName = 'select' | 'from' | 'where' | 'group' | 'having' | 'order' | 'limit'

/** Tokens from one index up to, and without, another. */
export interface TokenRange {
  readonly from: number
  readonly to: number
}

/** Something that a `SELECT` reads. */
export interface Relation {
  /** The name in lower case, without a schema; absent for a subquery. */
  readonly table: string | undefined
  /** How columns are qualified with it, in lower case. */
  readonly alias: string
  /** As it is written. */
  readonly written: string
  /** Tokens of the name. */
  readonly name: TokenRange
  /** From the word `JOIN` or the comma on, up to the next relation. */
  readonly whole: TokenRange
  /** The condition after `ON`. */
  readonly on: TokenRange | undefined
  /** The subquery. */
  readonly block: Block | undefined
}

/** One `SELECT` of a statement. */
export interface Block extends TokenRange {
  readonly parent: Block | undefined
  /** Without the words that begin them. */
  readonly clauses: ReadonlyMap<ClauseName, TokenRange>
  readonly relations: readonly Relation[]
  readonly children: readonly Block[]
}

type Draft = {
  -readonly [Key in keyof Block]: Block[Key]
} & { children: Block[]; clauses: Map<ClauseName, TokenRange> }

const clauseWords: ReadonlyMap<string, ClauseName> = new Map([
  ['from', 'from'],
  ['where', 'where'],
  ['group', 'group'],
  ['having', 'having'],
  ['order', 'order'],
  ['limit', 'limit'],
  ['offset', 'limit'],
  ['fetch', 'limit'],
])
const setWords = ['union', 'intersect', 'except', 'minus']
const maxDepth = 40

/** Finds every `SELECT` of a text, outer ones before inner ones. */
export function blocksOf(tokens: readonly SqlToken[]): readonly Block[] {
  const found: Draft[] = []
  let current: Draft | undefined
  let clause: ClauseName = 'select'
  let clauseFrom = 0
  const clauseStack: { clause: ClauseName; from: number }[] = []
  let depth = 0
  let blockDepth = -1
  const depths: number[] = []

  const closeClause = (at: number): void => {
    if (current === undefined) return
    const before = current.clauses.get(clause)
    if (before === undefined) current.clauses.set(clause, { from: clauseFrom, to: at })
  }
  const closeBlock = (at: number): void => {
    if (current === undefined) return
    closeClause(at)
    current.to = at
    current = current.parent as Draft | undefined
    const outer = clauseStack.pop()
    clause = outer?.clause ?? 'select'
    clauseFrom = outer?.from ?? 0
    blockDepth = depths.pop() ?? -1
  }

  for (const [at, token] of tokens.entries()) {
    if (is(token, '(')) {
      depth += 1
      if (depth > maxDepth) break
    } else if (is(token, ')')) {
      while (current !== undefined && blockDepth >= depth) closeBlock(at)
      depth -= 1
    } else if (is(token, ';') && depth === 0) {
      while (current !== undefined) closeBlock(at)
    } else if (is(token, 'select')) {
      if (current !== undefined && blockDepth === depth) closeBlock(at)
      clauseStack.push({ clause, from: clauseFrom })
      depths.push(blockDepth)
      const block: Draft = {
        from: at,
        to: tokens.length,
        parent: current,
        clauses: new Map(),
        relations: [],
        children: [],
      }
      current?.children.push(block)
      found.push(block)
      current = block
      blockDepth = depth
      clause = 'select'
      clauseFrom = at + 1
    } else if (current !== undefined && depth === blockDepth && token.kind === 'word') {
      if (setWords.includes(token.name)) closeBlock(at)
      else {
        const next = clauseWords.get(token.name)
        const isDistinctFrom = token.name === 'from' && is(tokens[at - 1], 'distinct')
        if (next === undefined || isDistinctFrom) continue
        closeClause(at)
        clause = next
        clauseFrom =
          at + ((next === 'group' || next === 'order') && is(tokens[at + 1], 'by') ? 2 : 1)
      }
    }
  }
  while (current !== undefined) closeBlock(tokens.length)
  for (const block of found) block.relations = relationsOf(block, tokens)
  return found
}

const joinWords = ['join', 'inner', 'left', 'right', 'full', 'outer', 'cross', 'natural']
const notAlias = new Set([
  ...joinWords,
  'on',
  'using',
  'as',
  'where',
  'group',
  'order',
  'limit',
  'having',
])

function relationsOf(block: Draft, tokens: readonly SqlToken[]): readonly Relation[] {
  const range = block.clauses.get('from')
  if (range === undefined) return []
  const relations: Relation[] = []
  let at = range.from
  while (at < range.to) {
    const start = at
    while (at < range.to && (is(tokens[at], ',', ...joinWords) || is(tokens[at], 'lateral')))
      at += 1
    const end = endOfRelation(at, range.to, tokens)
    const relation = relationAt({ from: start, to: end }, at, block, tokens)
    if (relation !== undefined) relations.push(relation)
    at = Math.max(end, start + 1)
  }
  return relations
}

function endOfRelation(from: number, to: number, tokens: readonly SqlToken[]): number {
  let depth = 0
  for (let at = from; at < to; at++) {
    if (is(tokens[at], '(')) depth += 1
    else if (is(tokens[at], ')')) depth -= 1
    else if (depth === 0 && at > from && is(tokens[at], ',', ...joinWords)) {
      const isFunction = is(tokens[at], 'left', 'right') && is(tokens[at + 1], '(')
      if (!isFunction) return at
    }
  }
  return to
}

function relationAt(
  whole: TokenRange,
  from: number,
  block: Block,
  tokens: readonly SqlToken[],
): Relation | undefined {
  const onAt = tokens.findIndex(
    (token, at) =>
      at >= from && at < whole.to && is(token, 'on', 'using') && depthAt(from, at, tokens) === 0,
  )
  const nameEnd = onAt < 0 ? whole.to : onAt
  const on = onAt < 0 || is(tokens[onAt], 'using') ? undefined : { from: onAt + 1, to: whole.to }
  const first = tokens[from]
  if (first === undefined || from >= nameEnd) return undefined
  const last = tokens[nameEnd - 1]
  if (is(first, '(')) {
    const inner = block.children.find((child) => child.from > from && child.from < nameEnd)
    const alias = last !== undefined && isName(last) ? last : undefined
    if (inner === undefined) return undefined
    return {
      table: undefined,
      alias: alias?.name ?? '',
      written: alias?.text ?? '',
      name: { from, to: nameEnd },
      whole,
      on,
      block: inner,
    }
  }
  if (!isName(first)) return undefined
  let at = from
  while (is(tokens[at + 1], '.') && at + 2 < nameEnd) at += 2
  const named = tokens[at]
  if (named === undefined) return undefined
  const next = is(tokens[at + 1], 'as') ? tokens[at + 2] : tokens[at + 1]
  const hasAlias = next !== undefined && next.end <= (tokens[nameEnd - 1]?.end ?? 0) && isName(next)
  const alias = hasAlias && !notAlias.has(next.name) ? next : named
  return {
    table: named.name,
    alias: alias.name,
    written: alias.text,
    name: { from, to: at + 1 },
    whole,
    on,
    block: undefined,
  }
}

function depthAt(from: number, to: number, tokens: readonly SqlToken[]): number {
  let depth = 0
  for (const token of tokens.slice(from, to)) {
    if (is(token, '(')) depth += 1
    else if (is(token, ')')) depth -= 1
  }
  return depth
}

function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'quoted'
}
