import type { CommonTableExpr, Node, SelectStmt } from 'libpg-query'
import { refuse } from '../refusal.ts'
import type { Body, CommonTable, Query, Select, SelectItem } from '../tree.ts'
import { type Build, texts } from './nodes.ts'
import { both, sorted, window } from './parts.ts'

/** Translates a `SELECT` with everything around it. */
export function translateQuery(statement: SelectStmt, build: Build): Query {
  const span = build.span(statement.withClause?.location)
  if (statement.intoClause !== undefined) {
    refuse('construct-refused', 'SELECT INTO creates a table; leave INTO out.', span, 'INTO')
  }
  if (statement.lockingClause !== undefined) {
    refuse(
      'construct-refused',
      'FOR UPDATE and FOR SHARE lock rows; leave the clause out.',
      span,
      'FOR UPDATE',
    )
  }
  return {
    with: (statement.withClause?.ctes ?? []).map((node) => commonTable(node, build)),
    isRecursive: statement.withClause?.recursive ?? false,
    body: translateBody(statement, build),
    order: build.expressions(statement.sortClause?.map(sorted)),
    limit: build.optional(statement.limitCount),
    offset: build.optional(statement.limitOffset),
    isLimitExact: statement.limitOption !== 'LIMIT_OPTION_WITH_TIES',
    span,
  }
}

function translateBody(statement: SelectStmt, build: Build): Body {
  if (statement.op !== undefined && statement.op !== 'SETOP_NONE') {
    return { kind: 'set-operation', parts: setParts(statement, build) }
  }
  if (statement.valuesLists !== undefined) {
    return {
      kind: 'values',
      rows: statement.valuesLists.map((row) =>
        build.expressions('List' in row ? row.List.items : [row]),
      ),
    }
  }
  return translateSelect(statement, build)
}

/** The operands of a chain of set operations; the left spine is followed without recursion. */
function setParts(statement: SelectStmt, build: Build): readonly Query[] {
  const parts: Query[] = []
  let current = statement
  for (;;) {
    const { larg, rarg } = current
    if (larg === undefined || rarg === undefined) {
      return refuse('construct-unknown', 'A set operation has only one side.', build.span(0))
    }
    parts.unshift(build.query(rarg))
    if (!isPlainSetOperation(larg)) {
      parts.unshift(build.query(larg))
      return parts
    }
    current = larg
  }
}

function isPlainSetOperation(statement: SelectStmt): boolean {
  return (
    statement.op !== undefined &&
    statement.op !== 'SETOP_NONE' &&
    statement.withClause === undefined &&
    statement.sortClause === undefined &&
    statement.limitCount === undefined &&
    statement.limitOffset === undefined &&
    statement.lockingClause === undefined
  )
}

function translateSelect(statement: SelectStmt, build: Build): Select {
  const distinct = statement.distinctClause ?? []
  return {
    kind: 'select',
    items: (statement.targetList ?? []).map((node) => selectItem(node, build)),
    from: (statement.fromClause ?? []).map((node, index) => {
      if (index > 0) build.join()
      return build.from(node)
    }),
    where: build.optional(statement.whereClause),
    group: build.expressions(statement.groupClause),
    having: build.optional(statement.havingClause),
    windows: (statement.windowClause ?? []).map((node) =>
      'WindowDef' in node
        ? window(node.WindowDef, build)
        : refuse('construct-unknown', 'A window cannot be read.', build.span(0)),
    ),
    // A plain DISTINCT is one empty node.
    distinctOn: build.expressions(distinct.filter((node) => Object.keys(node).length > 0)),
    span: build.span(0),
  }
}

function selectItem(node: Node, build: Build): SelectItem {
  if (!('ResTarget' in node) || node.ResTarget.indirection !== undefined) {
    return refuse('construct-unknown', 'An output column cannot be read.', build.span(0))
  }
  const { name, val, location } = node.ResTarget
  return { expression: build.expression(val), alias: name, span: build.span(location) }
}

function commonTable(node: Node, build: Build): CommonTable {
  if (!('CommonTableExpr' in node)) {
    return refuse('construct-unknown', 'A WITH entry cannot be read.', build.span(0))
  }
  const value = node.CommonTableExpr
  const span = build.span(value.location)
  const { ctequery } = value
  if (ctequery === undefined || !('SelectStmt' in ctequery)) {
    return refuse(
      'construct-refused',
      'A WITH entry changes data; only SELECT is allowed there.',
      span,
    )
  }
  return {
    name: value.ctename ?? '',
    columns: texts(value.aliascolnames),
    query: build.query(ctequery.SelectStmt),
    addedColumns: addedColumns(value),
    marks: build.expressions(
      both(value.cycle_clause?.cycle_mark_value, value.cycle_clause?.cycle_mark_default),
    ),
    span,
  }
}

function addedColumns({ search_clause, cycle_clause }: CommonTableExpr): readonly string[] {
  return [
    search_clause?.search_seq_column,
    cycle_clause?.cycle_mark_column,
    cycle_clause?.cycle_path_column,
  ].filter((name) => name !== undefined)
}
