import { refuse } from '../../dialect/refusal.ts'
import type { ColumnExpression, NamedExpression, Query } from '../../dialect/tree.ts'
import { limitsColumn } from '../../policy/access.ts'
import type { Context, Position } from '../context.ts'
import type { CommonTables } from '../from/common-tables.ts'
import type { Reads } from '../reads.ts'
import {
  type Column,
  columnsNamed,
  nothing,
  type Relation,
  type Scope,
  type Source,
  sourcesOf,
} from '../relation.ts'
import { type NameFinder, namesOf } from './name-rules.ts'
import { refuseUntraceable } from './note.ts'

/** Aliases that one text may have read anew. */
const maxReadings = 300

/**
 * Names of an engine in which an alias may be used anywhere in its select and below it.
 *
 * It is in no bundle that has not the dialect which needs it.
 */
export const freeNames: NameFinder = { kind: 'free', find: findFree, around: namesAround }

/** What has been read anew: how often, what is under way, and what came out at each place. */
interface Readings {
  count: number
  readonly underWay: Set<NamedExpression>
  readonly done: WeakMap<Scope, Map<NamedExpression, readonly Source[]>>
}

const readings = new WeakMap<Reads, Readings>()

/**
 * The names that the text of a common table may use: those of expressions, and no columns, since
 * the engine looks these up where the common table is used.
 */
function namesAround(
  { body }: Query,
  outer: Scope | undefined,
  commonTables: CommonTables,
): Scope | undefined {
  const [first] = body.kind === 'set-operation' ? body.parts : [{ body }]
  const named = first?.body.kind === 'select' ? namesOf(first.body) : undefined
  const around = withoutColumns(outer)
  if (named === undefined) return around
  return { ...nothing, outer: around, commonTables, aliases: [], named }
}

function withoutColumns(scope: Scope | undefined): Scope | undefined {
  if (scope === undefined) return undefined
  return { ...scope, ...nothing, aliases: [], outer: withoutColumns(scope.outer) }
}

/**
 * What a name reads in an engine where an alias may be used anywhere, and where a name with dots
 * may be a column of a table, a column by itself, or a part of one. It stands for everything that it
 * may mean at the innermost level where it means anything for sure.
 */
function findFree(
  context: Context,
  { parts, span }: ColumnExpression,
  position: Position,
): readonly Source[] | undefined {
  const found: Column[] = []
  const name: Written = { parts, span, keys: prefixes(parts) }
  for (let level: Scope | undefined = position.scope; level !== undefined; level = level.outer) {
    const columns = columnsIn(context, level, name)
    const aliases = namedIn(level, name).flatMap((named) => {
      if (level !== position.scope && !named.isOnly) refuseSeveral(context, named.name, span)
      return readAlias(context, named, position) ?? []
    })
    found.push(...columns, ...aliases)
    if (aliases.length > 0 || columns.some(({ isGuess }) => isGuess !== true)) break
  }
  return found.length === 0 ? undefined : sourcesOf(found)
}

/** A name with dots, and all names that it may begin with. */
interface Written extends Pick<ColumnExpression, 'parts' | 'span'> {
  readonly keys: readonly string[]
}

function namedIn({ named }: Scope, { keys }: Written): readonly NamedExpression[] {
  return named === undefined ? [] : keys.flatMap((key) => named.get(key) ?? [])
}

/** `a`, `a.b` and `a.b.c` of `a.b.c`. */
function prefixes(parts: readonly string[]): readonly string[] {
  return parts.length === 1 ? parts : parts.map((_, index) => parts.slice(0, index + 1).join('.'))
}

function columnsIn(
  context: Context,
  level: Scope,
  { parts, span, keys }: Written,
): readonly Column[] {
  if (level.relations.length === 0) return columnsAt(level.columns, keys)
  const found = [...columnsAt(level.columns, keys)]
  let isQualified = false
  for (let length = 1; length < Math.min(parts.length, 3); length++) {
    for (const relation of level.relations) {
      if (!isNamed(relation, parts, length)) continue
      isQualified = true
      const path = parts.slice(length)
      found.push(...columnsAt(relation.columns, prefixes(path)))
      found.push(...guessed(context, relation, path[0] ?? '', span))
    }
  }
  const [first = ''] = parts
  for (const relation of level.relations) {
    if (!isQualified || hides(context, relation, first)) {
      found.push(...guessed(context, relation, first, span))
    }
  }
  return found
}

/** Columns that a path names, holds a part of, or is the common beginning of. */
function columnsAt(columns: readonly Column[], keys: readonly string[]): readonly Column[] {
  if (columns.length === 0) return columns
  const [only = ''] = keys
  const found =
    keys.length === 1
      ? columnsNamed(columns, only)
      : keys.flatMap((key) => columnsNamed(columns, key))
  if (found.length > 0) return found
  const beginning = `${keys.at(-1)}.`
  return dottedOf(columns).filter(({ key }) => key.startsWith(beginning))
}

const dotted = new WeakMap<readonly Column[], readonly Column[]>()

/** Those of a finished list whose names have dots; they are looked for once. */
function dottedOf(columns: readonly Column[]): readonly Column[] {
  const known = dotted.get(columns) ?? columns.filter(({ key }) => key.includes('.'))
  dotted.set(columns, known)
  return known
}

/** Whether the first one or two parts of a name are the name of a relation. */
function isNamed({ alias, table }: Relation, parts: readonly string[], length: number): boolean {
  const [first, second] = parts
  return length === 1
    ? alias === first || table?.name === first
    : table?.schema === first && table?.name === second
}

function guessed(
  context: Context,
  { rest, opens }: Relation,
  key: string,
  span: ColumnExpression['span'],
): readonly Column[] {
  if (rest === undefined) return []
  if (context.traits.systemColumns?.has(key) === true) {
    for (const table of opens) refuseUntraceable(context, table, span)
  }
  return [{ ...rest(key), isGuess: true }]
}

/** Whether a table of which not all columns are known has a column of this name that is not free. */
function hides({ access }: Context, { opens }: Relation, column: string): boolean {
  return access !== undefined && opens.some((table) => limitsColumn(access, { table, column }))
}

/** Reads the text of an alias at the place where it is used, once for each level of names. */
function readAlias(
  context: Context,
  named: NamedExpression,
  position: Position,
): readonly Column[] | undefined {
  const state = stateOf(context.reads)
  if (state.underWay.has(named)) return undefined
  const done = state.done.get(position.scope) ?? new Map<NamedExpression, readonly Source[]>()
  state.done.set(position.scope, done)
  let sources = done.get(named)
  if (sources === undefined) {
    if (++state.count > maxReadings) {
      const { span } = named.expression
      refuse('limit-exceeded', 'The aliases of the text are too many to be followed.', span)
    }
    state.underWay.add(named)
    sources = context.expression(named.expression, position)
    state.underWay.delete(named)
    done.set(named, sources)
  }
  return [{ key: named.name, name: named.name, sources }]
}

function stateOf(reads: Reads): Readings {
  const known = readings.get(reads)
  if (known !== undefined) return known
  const made: Readings = { count: 0, underWay: new Set(), done: new WeakMap() }
  readings.set(reads, made)
  return made
}

function refuseSeveral({ reads }: Context, name: string, span: ColumnExpression['span']): void {
  reads.report({
    code: 'construct-refused',
    message: `The name ${name} stands for several expressions; give each a name of its own.`,
    span,
    subject: name,
  })
}
