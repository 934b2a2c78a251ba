import type { As, Expr, FromClause, QualifiedName } from 'sqlite3-parser'
import { refuse } from '../refusal.ts'
import type { CallExpression, FromFunction, FromItem, FromTable } from '../tree.ts'
import type { Build, Translations } from './build.ts'
import { folded } from './fold.ts'

/** The parser's flag for NATURAL; it exports the flags as types only. */
const natural = 4

/** How each kind of table in `FROM` is translated. A kind that is not here is refused. */
export const fromKinds: Translations<FromItem> = {
  TableSelectTable: ({ tblName, alias, indexed }, build) => ({
    ...namedTable(tblName, build),
    alias: nameOf(alias) ?? aliasOf(tblName),
    picksRows: indexed?.type === 'IndexedByIndexed',
  }),
  TableCallSelectTable: ({ tblName, args, alias }, build) => ({
    ...calledTable(tblName, args, build),
    alias: nameOf(alias) ?? folded(tblName.objName.text),
  }),
  SelectSelectTable: (node, build) => ({
    kind: 'subquery',
    query: build.query(node.select),
    alias: nameOf(node.alias),
    columns: [],
    isLateral: false,
    span: build.span(node),
  }),
  SubSelectTable: (node, build) => {
    const inner = translateFrom(node.from, build)
    const alias = nameOf(node.alias)
    if (alias === undefined) return inner
    return inner.kind === 'join' ? { ...inner, alias } : { ...inner, alias: alias }
  },
}

/** A table by its name. */
export function namedTable(name: QualifiedName, build: Build): FromTable {
  return {
    kind: 'table',
    path: pathOf(name),
    alias: undefined,
    columns: [],
    sample: [],
    span: build.span(name),
  }
}

/** A function in the place of a table. */
export function calledTable(
  name: QualifiedName,
  args: readonly Expr[] | undefined,
  build: Build,
): FromFunction {
  const span = build.span(name)
  const call: CallExpression = {
    kind: 'call',
    schema: name.dbName === undefined ? undefined : folded(name.dbName.text),
    name: folded(name.objName.text),
    args: build.expressions(args),
    order: [],
    filter: undefined,
    over: undefined,
    span,
  }
  return { kind: 'function', calls: [call], alias: undefined, columns: [], span }
}

/** Joins the tables of a `FROM` from left to right; in SQLite a comma is a join like any other. */
export function translateFrom(from: FromClause, build: Build): FromItem {
  const span = build.span(from)
  if (from.select === undefined) {
    return refuse('construct-unknown', 'The FROM clause is empty.', span)
  }
  let left = build.from(from.select)
  for (const node of from.joins ?? []) {
    build.join(node)
    const { operator, constraint } = node
    const type = operator.type === 'TypedJoinJoinOperator' ? (operator.joinType ?? 0) : 0
    left = {
      kind: 'join',
      left,
      right: build.from(node.table),
      isNatural: (type & natural) !== 0,
      using:
        constraint?.type === 'UsingJoinConstraint'
          ? constraint.columns.map((name) => ({ name: folded(name.text), span: build.span(name) }))
          : [],
      usingAlias: undefined,
      on: constraint?.type === 'OnJoinConstraint' ? build.expression(constraint.expr) : undefined,
      alias: undefined,
      columns: [],
      span,
    }
  }
  return left
}

function pathOf(name: QualifiedName): readonly string[] {
  return [name.dbName?.text, name.objName.text].filter((part) => part !== undefined).map(folded)
}

function aliasOf(name: QualifiedName): string | undefined {
  return name.alias === undefined ? undefined : folded(name.alias.text)
}

function nameOf(alias: As | undefined): string | undefined {
  return alias === undefined ? undefined : folded(alias.name.text)
}
