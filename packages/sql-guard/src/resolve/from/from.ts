import type { FromFunction, FromItem, FromJoin, FromQuery } from '../../dialect/tree.ts'
import type { CommonTables } from './common-tables.ts'
import { type Context, readAll } from '../context.ts'
import { resolveTable } from './from-table.ts'
import { noteSources, noteWhole, refuseUntraceable } from '../names/note.ts'
import {
  type Column,
  columnsNamed,
  nothing,
  type Offer,
  type Relation,
  renamed,
  type Scope,
  sourcesOf,
  unknownBy,
  unknownFrom,
} from '../relation.ts'

/** Resolves the items of a `FROM`, from left to right. */
export function resolveFrom(
  context: Context,
  items: readonly FromItem[],
  commonTables: CommonTables,
  outer: Scope | undefined,
): Offer {
  const late: FromJoin[] = []
  let offer = nothing
  for (const item of items) {
    offer = plus(offer, resolveItem({ context, commonTables, outer, late }, item, offer))
  }
  const scope: Scope = { ...offer, outer, commonTables, aliases: [] }
  for (const { on } of late) {
    if (on !== undefined) context.expression(on, { scope, use: 'join', clause: 'from' })
  }
  return offer
}

interface Walk {
  readonly context: Context
  readonly commonTables: CommonTables
  readonly outer: Scope | undefined
  /** Joins whose condition sees all of the `FROM`. */
  readonly late: FromJoin[]
}

function resolveItem(walk: Walk, item: FromItem, before: Offer): Offer {
  const { context, commonTables, outer } = walk
  const lateral: Scope = { ...before, outer, commonTables, aliases: [] }
  switch (item.kind) {
    case 'table': {
      readAll(context, item.sample, { scope: lateral, use: 'filter', clause: 'from' })
      return asOffer(resolveTable(context, item, commonTables, outer))
    }
    case 'subquery':
      return asOffer(resolveSubquery(walk, item, item.isLateral ? lateral : outer))
    case 'function':
      return asOffer(resolveFunction(walk, item, lateral))
    case 'join':
      return resolveJoin(walk, item, before)
  }
}

function asOffer(relation: Relation): Offer {
  return { relations: [relation], columns: relation.columns }
}

function plus(left: Offer, right: Offer): Offer {
  if (left === nothing) return right
  return {
    relations: [...left.relations, ...right.relations],
    columns: [...left.columns, ...right.columns],
  }
}

function resolveSubquery(
  { context, commonTables }: Walk,
  item: FromQuery,
  outer: Scope | undefined,
): Relation {
  const outcome = context.query(item.query, commonTables, outer)
  return {
    alias: item.alias,
    written: item.writtenAlias,
    table: undefined,
    opens: [],
    isNamed: true,
    columns: renamed(outcome.columns, item.columns),
    rest: outcome.rest,
    rowId: undefined,
  }
}

/** Functions of one column, which has the name of the alias; others may give a row of columns. */
const scalarFunctions: ReadonlySet<string> = new Set([
  'generate_series',
  'generate_subscripts',
  'json_object_keys',
  'jsonb_object_keys',
  'regexp_split_to_table',
  'string_to_table',
])

function resolveFunction({ context }: Walk, item: FromFunction, lateral: Scope): Relation {
  const sources = readAll(context, item.calls, { scope: lateral, use: 'output', clause: 'from' })
  const [call] = item.calls
  const name = call?.kind === 'call' ? call.name : undefined
  const own = name === undefined ? undefined : context.traits.functionColumns.get(name)
  const fallback = item.alias ?? name
  const names = item.columns.length > 0 ? item.columns : (own ?? (fallback ? [fallback] : []))
  const isScalar =
    context.traits.hasWholeRows && item.calls.length === 1 && scalarFunctions.has(name ?? '')
  const isGuess = item.columns.length === 0 && own === undefined && !isScalar
  // How many rows a function gives tells something about what it is called with.
  if (context.access === undefined) noteSources(context, sources, 'join', { span: item.span })
  return {
    alias: item.alias ?? name,
    written: item.writtenAlias,
    table: undefined,
    opens: [],
    isNamed: true,
    columns: names.map((key): Column => ({ key, name: key, sources, isGuess })),
    rest: unknownFrom(sources),
    rowId: undefined,
  }
}

function resolveJoin(walk: Walk, item: FromJoin, before: Offer): Offer {
  const { context, commonTables, outer } = walk
  const left = resolveItem(walk, item.left, before)
  const right = resolveItem(walk, item.right, plus(before, left))
  const merged = item.isNatural
    ? naturalColumns(context, item, left, right)
    : usingColumns(context, item, left, right)

  let offer = joined(left, right, merged, context.traits.mergedColumnsFirst)
  if (item.on !== undefined) {
    if (context.traits.onSeesAll) walk.late.push(item)
    else {
      const scope: Scope = { ...offer, outer, commonTables, aliases: [] }
      context.expression(item.on, { scope, use: 'join', clause: 'from' })
    }
  }
  if (item.usingAlias !== undefined) {
    const alias: Relation = {
      alias: item.usingAlias,
      table: undefined,
      opens: [],
      isNamed: true,
      columns: merged,
      rest: undefined,
      rowId: undefined,
    }
    offer = { ...offer, relations: [...offer.relations, alias] }
  }
  return item.alias === undefined ? offer : asOffer(aliased(context, item, item.alias, offer))
}

/** A join with a name hides the names inside it. */
function aliased(context: Context, item: FromJoin, alias: string, offer: Offer): Relation {
  const rests = offer.relations.filter(({ rest }) => rest !== undefined)
  const opens = offer.relations.flatMap((relation) => relation.opens)
  // Without a catalog, another name for a column hides which one it is.
  if (item.columns.length > 0) {
    for (const table of opens) refuseUntraceable(context, table, item.span)
  }
  return {
    alias,
    table: undefined,
    opens,
    isNamed: true,
    columns: renamed(offer.columns, item.columns),
    rest:
      rests.length === 0
        ? undefined
        : unknownBy((key) => rests.flatMap(({ rest }) => rest?.(key).sources ?? [])),
    rowId: undefined,
  }
}

function joined(left: Offer, right: Offer, merged: readonly Column[], mergedFirst: boolean): Offer {
  const relations = [...left.relations, ...right.relations]
  if (merged.length === 0) return { relations, columns: [...left.columns, ...right.columns] }
  const byKey = new Map(merged.map((column) => [column.key, column]))
  const others = ({ key }: Column) => !byKey.has(key)
  const columns = mergedFirst
    ? [...merged, ...left.columns.filter(others), ...right.columns.filter(others)]
    : [
        ...left.columns.map((column) => byKey.get(column.key) ?? column),
        ...right.columns.filter(others),
      ]
  const isThere = new Set(columns)
  // Merged columns of relations that are not known stand in no list yet.
  return { relations, columns: [...columns, ...merged.filter((column) => !isThere.has(column))] }
}

function usingColumns(
  context: Context,
  item: FromJoin,
  left: Offer,
  right: Offer,
): readonly Column[] {
  return item.using.map(({ name, span }) => {
    const sides = [byBareName(left, name), byBareName(right, name)]
    if (sides.some((columns) => columns.length === 0)) {
      context.reads.report({
        code: 'column-unknown',
        message: `The column ${name} of USING is not on both sides of the join.`,
        span,
        subject: name,
      })
    }
    const sources = sourcesOf(sides.flat())
    noteSources(context, sources, 'join', { span, name })
    return { key: name, name: sides.flat()[0]?.name ?? name, sources }
  })
}

function naturalColumns(
  context: Context,
  item: FromJoin,
  left: Offer,
  right: Offer,
): readonly Column[] {
  const isOpen = [...left.relations, ...right.relations].some(({ rest }) => rest !== undefined)
  if (isOpen) {
    for (const relation of [...left.relations, ...right.relations]) {
      noteWhole(context, relation, 'join', item.span)
    }
  }
  const keys = new Set(right.columns.map(({ key }) => key))
  const common = new Set(left.columns.map(({ key }) => key).filter((key) => keys.has(key)))
  return [...common].map((key) => {
    const both = [...columnsNamed(left.columns, key), ...columnsNamed(right.columns, key)]
    const sources = sourcesOf(both)
    noteSources(context, sources, 'join', { span: item.span })
    return { key, name: both[0]?.name ?? key, sources }
  })
}

/** The columns that a bare name may mean. */
export function byBareName(offer: Offer, key: string): readonly Column[] {
  const known = columnsNamed(offer.columns, key)
  if (known.length > 0) return known
  return offer.relations.flatMap(({ rest }) => (rest === undefined ? [] : [rest(key)]))
}
