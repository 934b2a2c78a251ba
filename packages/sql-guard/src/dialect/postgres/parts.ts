import type { Node, TypeName, WindowDef } from 'libpg-query'
import type { CallExpression, OperatorExpression, Window } from '../tree.ts'
import { type Build, texts } from './nodes.ts'

/** The name of a type, as its parts were written or filled in by the grammar. */
export function typeText(type: TypeName | undefined): string {
  return texts(type?.names).join('.')
}

/** Bytes to which values of a type are filled up with blanks or zeros. */
export function widthOf(type: TypeName | undefined): number | undefined {
  const name = texts(type?.names).at(-1)
  const [length] = type?.typmods ?? []
  if ((name !== 'bpchar' && name !== 'bit') || length === undefined) return undefined
  const isKnown = 'A_Const' in length && length.A_Const.ival !== undefined
  return isKnown ? (length.A_Const.ival?.ival ?? 0) : Number.POSITIVE_INFINITY
}

/** A window, named or inline. */
export function window(value: WindowDef, build: Build): Window {
  return {
    name: value.refname ?? value.name,
    partition: build.expressions(value.partitionClause),
    order: build.expressions(value.orderClause?.map(sorted)),
    frame: build.expressions(both(value.startOffset, value.endOffset)),
  }
}

/** The expression of an `ORDER BY` entry; an operator of its own is checked like any other. */
export function sorted(node: Node): Node {
  if (!('SortBy' in node)) return node
  const { node: inner, useOp } = node.SortBy
  if (useOp === undefined) return inner ?? node
  return { A_Expr: { kind: 'AEXPR_OP', name: useOp, ...(inner && { lexpr: inner }) } }
}

/** The nodes that are there. */
export function both(...nodes: readonly (Node | undefined)[]): Node[] {
  return nodes.filter((node) => node !== undefined)
}

/** A form that only combines its operands. */
export function combine(
  nodes: readonly Node[] | undefined,
  location: number | undefined,
  build: Build,
): OperatorExpression {
  return {
    kind: 'operator',
    symbols: [],
    operands: build.expressions(nodes),
    span: build.span(location),
  }
}

/** A call of one of PostgreSQL's own functions. */
export function call(
  name: string,
  args: readonly Node[] | undefined,
  location: number | undefined,
  build: Build,
): CallExpression {
  return {
    kind: 'call',
    schema: 'pg_catalog',
    name,
    args: build.expressions(args),
    order: [],
    filter: undefined,
    over: undefined,
    span: build.span(location),
  }
}
