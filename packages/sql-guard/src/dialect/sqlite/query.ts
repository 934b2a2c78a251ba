import type { CommonTableExpr, OneSelect, ResultColumn, Select as SelectNode } from 'sqlite3-parser'
import type { Body, CommonTable, Query, SelectItem } from '../tree.ts'
import type { Build } from './build.ts'
import { folded } from './fold.ts'
import { sorted, window } from './expressions.ts'
import { translateFrom } from './from.ts'

/** Translates a `SELECT` with everything around it. */
export function translateQuery(node: SelectNode, build: Build): Query {
  const span = build.span(node)
  const first = translateOne(node.select, build)
  const compounds = node.compounds ?? []
  return {
    with: (node.with?.ctes ?? []).map((table) => commonTable(table, build)),
    isRecursive: node.with?.recursive ?? false,
    body:
      compounds.length === 0
        ? first
        : {
            kind: 'set-operation',
            parts: [
              bare(first, span),
              ...compounds.map(({ select }) => bare(translateOne(select, build), span)),
            ],
          },
    order: sorted(node.orderBy, build),
    limit: build.optional(node.limit?.expr),
    offset: build.optional(node.limit?.offset),
    isLimitExact: true,
    span,
  }
}

function bare(body: Body, span: Query['span']): Query {
  return {
    with: [],
    isRecursive: false,
    body,
    order: [],
    limit: undefined,
    offset: undefined,
    isLimitExact: true,
    span,
  }
}

function translateOne(node: OneSelect, build: Build): Body {
  if (node.type === 'SelectValues') {
    return { kind: 'values', rows: node.values.map(({ values }) => build.expressions(values)) }
  }
  return {
    kind: 'select',
    items: node.columns.map((column) => selectItem(column, build)),
    from: node.from === undefined ? [] : [translateFrom(node.from, build)],
    where: build.optional(node.whereClause),
    group: build.expressions(node.groupBy),
    having: build.optional(node.having),
    windows: (node.windowClause ?? []).map(({ name, window: value }) =>
      window(value, name.text, build),
    ),
    distinctOn: [],
    span: build.span(node),
  }
}

function selectItem(node: ResultColumn, build: Build): SelectItem {
  const whole = build.span(node)
  switch (node.type) {
    // The parser lets these two begin before their first character.
    case 'StarResultColumn': {
      const span = { start: whole.end - 1, end: whole.end }
      return { expression: { kind: 'star', parts: [], span }, alias: undefined, span }
    }
    case 'TableStarResultColumn': {
      const span = { start: build.span(node.table).start, end: whole.end }
      const parts = [folded(node.table.text)]
      return { expression: { kind: 'star', parts, span }, alias: undefined, span }
    }
    case 'ExprResultColumn':
      return {
        expression: build.expression(node.expr),
        alias: node.alias?.name.text,
        span: whole,
      }
  }
}

function commonTable(node: CommonTableExpr, build: Build): CommonTable {
  return {
    name: folded(node.tblName.text),
    columns: (node.columns ?? []).map(({ colName }) => folded(colName.text)),
    query: build.query(node.select),
    addedColumns: [],
    span: build.span(node),
  }
}
