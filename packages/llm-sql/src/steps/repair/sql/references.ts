import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { findColumn, findTable } from '../../../schema/find.ts'
import { blocksOf, type Block, type ClauseName, type Relation } from './blocks.ts'
import { is, lex, type SqlToken } from './lex.ts'
import { keywords } from './keywords.ts'

/** A name in a statement that should be a column. */
export interface Reference {
  readonly block: Block
  readonly clause: ClauseName
  /** In lower case; absent when the name stands alone. */
  readonly qualifier: string | undefined
  /** In lower case. */
  readonly name: string
  /** As it is written, with the qualifier. */
  readonly text: string
  /** Index of the first token, and of the token after the last. */
  readonly from: number
  readonly to: number
  /** The relation whose `ON` it stands in. */
  readonly on: Relation | undefined
}

/** A statement that may be wrong, as far as it can be read. */
export interface Statement {
  readonly sql: string
  readonly tokens: readonly SqlToken[]
  readonly blocks: readonly Block[]
  readonly references: readonly Reference[]
  /** Names of common tables, in lower case. */
  readonly commonTables: ReadonlySet<string>
  readonly catalog: Catalog
  /** Tables that the question may speak of, best first; empty without a question. */
  readonly likelyTables: () => readonly CatalogTable[]
  /** Whether the question says every word of this text, in some form. */
  readonly isInQuestion: (text: string) => boolean
}

/** Reads what can be read of a statement. */
export function readStatement(
  sql: string,
  catalog: Catalog,
  { likelyTables, isInQuestion }: Pick<Statement, 'likelyTables' | 'isInQuestion'> = noQuestion,
): Statement {
  const tokens = lex(sql)
  const blocks = blocksOf(tokens)
  const commonTables = new Set(
    tokens.flatMap((token, at) =>
      isName(token) && is(tokens[at + 1], 'as') && is(tokens[at + 2], '(') ? [token.name] : [],
    ),
  )
  const references = blocks.flatMap((block) => referencesIn(block, tokens, catalog))
  return { sql, tokens, blocks, references, commonTables, catalog, likelyTables, isInQuestion }
}

const noQuestion = { likelyTables: () => [], isInQuestion: () => false }

function referencesIn(
  block: Block,
  tokens: readonly SqlToken[],
  catalog: Catalog,
): readonly Reference[] {
  const found: Reference[] = []
  for (const [clause, range] of block.clauses) {
    for (let at = range.from; at < range.to; at++) {
      const inner = block.children.find((child) => child.from <= at && at < child.to)
      if (inner !== undefined) {
        at = inner.to - 1
        continue
      }
      const on = block.relations.find(
        (one) => one.on !== undefined && one.on.from <= at && at < one.on.to,
      )
      if (clause === 'from' && on === undefined) continue
      const reference = referenceAt(at, range.to, tokens, catalog)
      if (reference === undefined) continue
      if (reference.name !== '*') found.push({ ...reference, block, clause, on })
      at = reference.to - 1
    }
  }
  return found
}

type Plain = Pick<Reference, 'qualifier' | 'name' | 'text' | 'from' | 'to'>

function referenceAt(
  from: number,
  end: number,
  tokens: readonly SqlToken[],
  catalog: Catalog,
): Plain | undefined {
  const first = tokens[from]
  const before = tokens[from - 1]
  if (first === undefined || !isName(first) || is(before, '.', 'as', '::')) return undefined
  const isDotted = is(tokens[from + 1], '.') && from + 2 < end
  if (first.kind === 'word' && !isDotted && keywords.has(first.name)) return undefined
  let to = from + 1
  while (is(tokens[to], '.') && to + 1 < end) to += 2
  if (is(tokens[to], '(')) return undefined
  if (!isDotted && isImplicitAlias(before)) return undefined
  const last = tokens[to - 1]
  const qualifier = isDotted ? tokens[to - 3] : undefined
  if (last === undefined) return undefined
  const isText = first.kind === 'quoted' && first.text.startsWith('"') && !isDotted
  if (isText && catalog.dialect !== 'postgres') return undefined
  return {
    qualifier: qualifier?.name,
    name: last.name,
    text: `${qualifier === undefined ? '' : `${qualifier.text}.`}${last.text}`,
    from,
    to,
  }
}

/** `SELECT count(*) total`: a name after the end of an expression is a new one. */
function isImplicitAlias(before: SqlToken | undefined): boolean {
  return (
    before !== undefined &&
    (is(before, ')') ||
      before.kind === 'number' ||
      before.kind === 'string' ||
      before.kind === 'quoted' ||
      (before.kind === 'word' && !keywords.has(before.name)) ||
      is(before, 'end'))
  )
}

/** The table of the catalog that a relation reads. */
export function tableOf(
  relation: Relation,
  { catalog, commonTables }: Statement,
): CatalogTable | undefined {
  if (relation.table === undefined || commonTables.has(relation.table)) return undefined
  return findTable(catalog, relation.table)
}

/** Relations that a name in a block can mean: its own, then those around it. */
export function scopesOf(block: Block): readonly (readonly Relation[])[] {
  const scopes: (readonly Relation[])[] = []
  for (let one: Block | undefined = block; one !== undefined; one = one.parent) {
    scopes.push(one.relations)
    const isDerived = one.parent?.relations.some((relation) => relation.block === one) === true
    if (isDerived) break
  }
  return scopes
}

/** What a reference means. */
export type Meaning =
  | { readonly kind: 'column'; readonly relation: Relation }
  /** Something whose columns are not known here, or a name that the statement itself gives. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ambiguous'; readonly relations: readonly Relation[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'no-relation' }

/** Says what a reference means. */
export function meaningOf(reference: Reference, statement: Statement): Meaning {
  const { block, qualifier, name } = reference
  for (const relations of scopesOf(block)) {
    const meant =
      qualifier === undefined ? relations : relations.filter(({ alias }) => alias === qualifier)
    if (qualifier !== undefined && meant.length === 0) continue
    const holders = meant.filter((relation) => holds(relation, name, statement) === true)
    if (holders.length > 1 && qualifier === undefined)
      return { kind: 'ambiguous', relations: holders }
    const [relation] = holders
    if (relation !== undefined) return { kind: 'column', relation }
    if (meant.some((one) => holds(one, name, statement) === undefined)) return { kind: 'unknown' }
    if (qualifier !== undefined) return { kind: 'missing' }
  }
  if (qualifier !== undefined) return { kind: 'no-relation' }
  const isOwnName = aliasesOf(block, statement).has(name)
  return isOwnName ? { kind: 'unknown' } : { kind: 'missing' }
}

/** Whether a relation has a column; `undefined` where its columns are not known. */
export function holds(relation: Relation, name: string, statement: Statement): boolean | undefined {
  const table = tableOf(relation, statement)
  if (table !== undefined) return findColumn(table, name) !== undefined || name === 'rowid'
  if (relation.block === undefined) return undefined
  const names = outputsOf(relation.block, statement)
  return names === undefined ? undefined : names.has(name)
}

/** The names that a subquery gives; `undefined` where a star makes them unknown. */
function outputsOf(block: Block, statement: Statement): ReadonlySet<string> | undefined {
  const known = outputs.get(block) ?? { names: findOutputs(block, statement) }
  outputs.set(block, known)
  return known.names
}

const outputs = new WeakMap<Block, { readonly names: ReadonlySet<string> | undefined }>()

function findOutputs(block: Block, statement: Statement): ReadonlySet<string> | undefined {
  const range = block.clauses.get('select')
  if (range === undefined) return undefined
  const { tokens } = statement
  const names = new Set<string>()
  let depth = 0
  for (let at = range.from; at < range.to; at++) {
    const token = tokens[at]
    if (token === undefined) break
    if (is(token, '(')) depth += 1
    if (is(token, ')')) depth -= 1
    const isLast = at + 1 === range.to || (depth === 0 && is(tokens[at + 1], ','))
    if (depth === 0 && is(token, '*') && !is(tokens[at - 1], ')')) {
      if (at === range.from || is(tokens[at - 1], ',', '.', 'distinct')) return undefined
    }
    if (isLast && isName(token)) names.add(token.name)
  }
  return names
}

/** Names that a `SELECT` gives to its outputs. */
export function aliasesOf(block: Block, statement: Statement): ReadonlySet<string> {
  const known = aliases.get(block) ?? findAliases(block, statement)
  aliases.set(block, known)
  return known
}

const aliases = new WeakMap<Block, ReadonlySet<string>>()

function findAliases(block: Block, { tokens }: Statement): ReadonlySet<string> {
  const range = block.clauses.get('select')
  if (range === undefined) return new Set()
  return new Set(
    tokens.slice(range.from, range.to).flatMap((token, offset) => {
      const at = range.from + offset
      if (!isName(token)) return []
      const isAlias =
        is(tokens[at - 1], 'as') || (!keywords.has(token.name) && isImplicitAlias(tokens[at - 1]))
      return isAlias ? [token.name] : []
    }),
  )
}

export function isName({ kind }: SqlToken): boolean {
  return kind === 'word' || kind === 'quoted'
}
