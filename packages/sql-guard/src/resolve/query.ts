import { checkJoinCost } from '../cost/join-cost.ts'
import type { Expression, Query, Select } from '../dialect/tree.ts'
import { declare, type CommonTables } from './from/common-tables.ts'
import { type Context, type Position, readAll } from './context.ts'
import { resolveEntry } from './from/from-table.ts'
import { neverString, selectItems } from './names/items.ts'
import { finderOf, namesOf } from './names/name-rules.ts'
import { noteSources } from './names/note.ts'
import {
  type Column,
  columnsNamed,
  nothing,
  type Outcome,
  type Scope,
  sourcesOf,
  unique,
  unknownBy,
} from './relation.ts'
import { countWork } from './work.ts'

/** Resolves a query and gives its columns. */
export function resolveQuery(
  context: Context,
  query: Query,
  around: CommonTables,
  outer: Scope | undefined,
  onFirst?: (first: Outcome) => void,
): Outcome {
  const finder = finderOf(context.traits)
  const { visible, entries } = declare(
    query.with,
    query.isRecursive,
    context.traits.commonTables,
    around,
    finder === undefined ? outer : finder.around(query, outer, around),
  )
  for (const entry of entries) {
    context.reads.commonTables.add(entry.table.name)
    if (entry.table.query.limit !== undefined) context.reads.limitedTables.add(entry.table.name)
    resolveEntry(context, entry)
  }

  const outcome = resolveBody(context, query, visible, outer, onFirst)
  countWork(context.reads, outcome.columns.length, query.span)
  for (const expression of query.order) sortBy(context, expression, outcome, query)
  const bounds = [query.limit, query.offset].filter((bound) => bound !== undefined)
  const empty: Scope = { ...nothing, outer, commonTables: visible, aliases: [] }
  readAll(context, bounds, { scope: empty, use: 'filter', clause: 'other' })
  return outcome
}

function resolveBody(
  context: Context,
  { body }: Query,
  commonTables: CommonTables,
  outer: Scope | undefined,
  onFirst: ((first: Outcome) => void) | undefined,
): Outcome {
  switch (body.kind) {
    case 'select':
      return resolveSelect(context, body, commonTables, outer)
    case 'values': {
      const scope: Scope = { ...nothing, outer, commonTables, aliases: [] }
      const position: Position = { scope, use: 'output', clause: 'items' }
      const columns: Column[] = []
      for (const row of body.rows) {
        row.forEach((expression, index) => {
          const key = `column${index + 1}`
          const sources = [
            ...(columns[index]?.sources ?? []),
            ...context.expression(expression, position),
          ]
          columns[index] = { key, name: key, sources: unique(sources) }
        })
      }
      return { columns, rest: undefined, scopes: [scope] }
    }
    case 'set-operation':
      return combined(
        body.parts.map((part, index) => {
          const outcome = context.query(part, commonTables, outer)
          if (index === 0) onFirst?.(outcome)
          return outcome
        }),
      )
  }
}

/** The columns of a set operation: names of the first part, sources of all. */
function combined(parts: readonly Outcome[]): Outcome {
  const [first] = parts
  const columns = (first?.columns ?? []).map((column, index): Column => ({
    ...column,
    sources: unique(parts.flatMap((part) => part.columns[index]?.sources ?? [])),
  }))
  const open = parts.filter(({ rest }) => rest !== undefined)
  return {
    columns,
    rest:
      open.length === 0
        ? undefined
        : unknownBy((key) => [
            ...open.flatMap(({ rest }) => rest?.(key).sources ?? []),
            ...parts.flatMap((part) => sourcesOf(part.columns)),
          ]),
    scopes: parts.flatMap(({ scopes }) => scopes),
  }
}

function resolveSelect(
  context: Context,
  select: Select,
  commonTables: CommonTables,
  outer: Scope | undefined,
): Outcome {
  const named = namesOf(select)
  const around: Scope | undefined =
    named === undefined ? outer : { ...nothing, outer, commonTables, aliases: [], named }
  const offer = context.from(select.from, commonTables, around)
  const inner: Scope = { ...offer, outer, commonTables, aliases: [], named }
  for (const { isApart, expression } of select.aliases ?? []) {
    if (isApart) context.expression(expression, { scope: inner, use: 'filter', clause: 'items' })
  }
  checkJoinCost(context, select, inner)
  const { columns, rest } = selectItems(context, select.items, inner)
  const scope: Scope = { ...inner, aliases: columns }

  if (select.where !== undefined) {
    context.expression(select.where, { scope, use: 'filter', clause: 'where' })
  }
  for (const expression of select.group) groupBy(context, expression, columns, scope)
  if (select.having !== undefined) {
    context.expression(select.having, { scope, use: 'filter', clause: 'having' })
  }
  for (const { partition, order, frame } of select.windows) {
    readAll(context, [...partition, ...frame], { scope, use: 'group', clause: 'other' })
    readAll(context, order, { scope, use: 'sort', clause: 'other' })
  }
  for (const expression of select.distinctOn) groupBy(context, expression, columns, scope)
  return { columns, rest, scopes: [scope] }
}

/** A bare name in `GROUP BY` is an input column before it is an output column. */
function groupBy(
  context: Context,
  expression: Expression,
  columns: readonly Column[],
  scope: Scope,
): void {
  const output = byPosition(expression, columns) ?? byAlias(expression, columns, scope)
  if (output !== undefined) noteSources(context, output.sources, 'group', { span: expression.span })
  else context.expression(neverString(expression), { scope, use: 'group', clause: 'group' })
}

function byAlias(
  expression: Expression,
  columns: readonly Column[],
  scope: Scope,
): Column | undefined {
  if (expression.kind !== 'column' || expression.parts.length !== 1) return undefined
  const [key] = expression.parts
  const isInput =
    (key !== undefined && columnsNamed(scope.columns, key).length > 0) ||
    scope.relations.some(({ rest }) => rest !== undefined)
  return isInput || key === undefined ? undefined : columnsNamed(columns, key)[0]
}

/** A bare name or a number in `ORDER BY` is an output column first. */
function sortBy(context: Context, expression: Expression, outcome: Outcome, query: Query): void {
  const key =
    expression.kind === 'column' && expression.parts.length === 1 ? expression.parts[0] : undefined
  const mayBeInput = context.traits.nameRules !== undefined && query.body.kind === 'select'
  const output =
    byPosition(expression, outcome.columns) ??
    (key === undefined || mayBeInput ? undefined : columnsNamed(outcome.columns, key)[0])
  if (output !== undefined) {
    noteSources(context, output.sources, 'sort', { span: expression.span })
    return
  }
  const [first] = outcome.scopes
  if (first === undefined) return
  const scope: Scope =
    query.body.kind === 'set-operation'
      ? {
          ...first,
          relations: outcome.scopes.flatMap(({ relations }) => relations),
          columns: outcome.columns,
          aliases: outcome.columns,
        }
      : first
  context.expression(neverString(expression), { scope, use: 'sort', clause: 'order' })
}

function byPosition(expression: Expression, columns: readonly Column[]): Column | undefined {
  return expression.kind === 'literal' && expression.integer !== undefined
    ? columns[expression.integer - 1]
    : undefined
}
