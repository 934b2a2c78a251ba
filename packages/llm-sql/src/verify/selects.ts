import type { Catalog, CatalogColumn, CatalogTable, Dialect, Policy } from '@t2t/sql-guard'
import type { Expression, FromItem, Query, Select } from '@t2t/sql-guard'
import { findColumn, findTable } from '../schema/find.ts'

/** One `SELECT` of a statement, with what its names mean. */
export interface ReadSelect {
  readonly select: Select
  /** Tables by the name that the `SELECT` knows them by. */
  readonly tables: ReadonlyMap<string, CatalogTable>
  /** Whether everything in `FROM` is a table of the catalog. */
  readonly isPlain: boolean
  /** Whether it reads a subquery or common table that has a limit. */
  readonly readsLimited: boolean
}

/** A column of a table of the catalog. */
export interface ColumnPlace {
  readonly table: CatalogTable
  readonly column: CatalogColumn
}

/** Reads every `SELECT` of a statement; nothing where the statement cannot be read. */
export function selectsOf(
  sql: string,
  dialect: Dialect,
  { limits }: Policy,
  catalog: Catalog,
): readonly ReadSelect[] {
  const parsed = dialect.parse(sql, limits)
  if (parsed.kind === 'failed') return []
  return parsed.statements.flatMap((statement) =>
    statement.kind === 'query' ? inQuery(statement.query, catalog) : [],
  )
}

function inQuery(query: Query, catalog: Catalog, limited = new Set<string>()): ReadSelect[] {
  const known = new Set(limited)
  const found: ReadSelect[] = []
  for (const { name, query: inner } of query.with) {
    found.push(...inQuery(inner, catalog, known))
    if (inner.limit !== undefined) known.add(name)
  }
  const { body } = query
  if (body.kind === 'set-operation')
    for (const part of body.parts) found.push(...inQuery(part, catalog, known))
  if (body.kind !== 'select') return found
  const tables = new Map<string, CatalogTable>()
  let isPlain = true
  let readsLimited = false
  for (const item of body.from.flatMap(leaves)) {
    if (item.kind === 'subquery') {
      found.push(...inQuery(item.query, catalog, known))
      readsLimited ||= item.query.limit !== undefined
    }
    const path = item.kind === 'table' ? item.path : []
    const isCommon = path.length === 1 && query.with.some(({ name }) => name === path[0])
    readsLimited ||= path.length === 1 && known.has(path[0] ?? '')
    const table = isCommon ? undefined : findTable(catalog, path.slice(-2).join('.'))
    const name = item.kind === 'table' ? (item.alias ?? path.at(-1)) : undefined
    if (table === undefined || name === undefined) isPlain = false
    else tables.set(name.toLowerCase(), table)
  }
  return [...found, { select: body, tables, isPlain, readsLimited }]
}

type Leaf = Exclude<FromItem, { readonly kind: 'join' }>

function leaves(item: FromItem): readonly Leaf[] {
  return item.kind === 'join' ? [...leaves(item.left), ...leaves(item.right)] : [item]
}

/** The conditions that join tables. */
export function joinConditions(item: FromItem): readonly Expression[] {
  if (item.kind !== 'join') return []
  const own = item.on === undefined ? [] : [item.on]
  return [...joinConditions(item.left), ...joinConditions(item.right), ...own]
}

/** Finds what a column expression means; `undefined` where that is not certain. */
export function placeOf(
  expression: Expression | undefined,
  { tables }: Pick<ReadSelect, 'tables'>,
): ColumnPlace | undefined {
  if (expression?.kind !== 'column') return undefined
  const name = expression.parts.at(-1) ?? ''
  const owner = expression.parts.at(-2)?.toLowerCase()
  const owners = owner === undefined ? [...tables.values()] : [tables.get(owner)]
  const places = owners.flatMap((table) => {
    const column = table === undefined ? undefined : findColumn(table, name)
    return table === undefined || column === undefined ? [] : [{ table, column }]
  })
  return places.length === 1 ? places[0] : undefined
}

/** Everything that an expression is made of, itself included; subqueries are left out. */
export function partsOf(expression: Expression): readonly Expression[] {
  const inner = ((): readonly Expression[] => {
    switch (expression.kind) {
      case 'call':
        return expression.args
      case 'operator':
        return expression.operands
      case 'cast':
      case 'field':
        return [expression.operand]
      case 'query':
      case 'column':
      case 'star':
      case 'literal':
      case 'parameter':
        return []
    }
  })()
  return [expression, ...inner.flatMap(partsOf)]
}
