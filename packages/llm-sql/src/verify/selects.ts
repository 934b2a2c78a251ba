import type { Catalog, CatalogColumn, CatalogTable, Dialect, Policy } from '@t2t/sql-guard'
import type { Expression, FromItem, Query, Select } from '@t2t/sql-guard'
import { findColumn, findTable } from '../schema/find.ts'
import { readText, writtenSelect, type WrittenSelect, type WrittenText } from './written.ts'

/** One `SELECT` of a statement, with what its names mean. */
export interface ReadSelect {
  readonly select: Select
  /** The query whose body it is. */
  readonly query: Query
  /** Whether it is the whole statement, with nothing around it. */
  readonly isOutermost: boolean
  /** Where it stands; absent where that is not certain. */
  readonly written: WrittenSelect | undefined
  /** Subqueries and common tables by the name that the `SELECT` knows them by. */
  readonly parts: ReadonlyMap<string, Query>
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
  const text = readText(sql)
  return parsed.statements.flatMap((statement) =>
    statement.kind === 'query'
      ? inQuery(statement.query, { ...text, catalog, common: new Map(), isOutermost: true })
      : [],
  )
}

interface Around extends WrittenText {
  readonly catalog: Catalog
  /** Common tables that can be read, by name. */
  readonly common: ReadonlyMap<string, Query>
  readonly isOutermost: boolean
}

function inQuery(query: Query, around: Around): ReadSelect[] {
  const { catalog } = around
  const known = new Map(around.common)
  const inner: Around = { ...around, common: known, isOutermost: false }
  const found: ReadSelect[] = []
  for (const { name, query: own } of query.with) {
    found.push(...inQuery(own, inner))
    known.set(name, own)
  }
  const { body } = query
  if (body.kind === 'set-operation')
    for (const part of body.parts) found.push(...inQuery(part, inner))
  if (body.kind !== 'select') return found
  const conditions = [
    ...body.items.map(({ expression }) => expression),
    ...(body.where === undefined ? [] : [body.where]),
    ...(body.having === undefined ? [] : [body.having]),
  ]
  for (const part of conditions.flatMap(partsOf))
    if (part.kind === 'query') found.push(...inQuery(part.query, inner))
  const tables = new Map<string, CatalogTable>()
  const parts = new Map<string, Query>()
  let isPlain = true
  let readsLimited = false
  for (const item of body.from.flatMap(leaves)) {
    if (item.kind === 'subquery') {
      found.push(...inQuery(item.query, inner))
      readsLimited ||= item.query.limit !== undefined
    }
    const path = item.kind === 'table' ? item.path : []
    const common = path.length === 1 ? known.get(path[0] ?? '') : undefined
    readsLimited ||= common?.limit !== undefined
    const table = common === undefined ? findTable(catalog, path.slice(-2).join('.')) : undefined
    const name = (item.kind === 'table' ? (item.alias ?? path.at(-1)) : item.alias)?.toLowerCase()
    const part = item.kind === 'subquery' ? item.query : common
    if (part !== undefined && name !== undefined) parts.set(name, part)
    if (table === undefined || name === undefined) isPlain = false
    // A table that is read twice is two: what holds for the rows of one does not for the other.
    else tables.set(name, { ...table })
  }
  const [first] = body.from.flatMap(leaves)
  const { isOutermost } = around
  const written = first === undefined ? undefined : writtenSelect(around, first.span.start)
  const read = { select: body, query, isOutermost, written, parts, tables, isPlain, readsLimited }
  return [...found, read]
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
