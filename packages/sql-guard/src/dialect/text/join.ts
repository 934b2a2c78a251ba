import type { FromItem, FromJoin } from '../tree.ts'

/** A join of two tables with nothing but what is given. */
export function joinOf(left: FromItem, right: FromItem, parts: Partial<FromJoin>): FromJoin {
  return {
    kind: 'join',
    left,
    right,
    isNatural: false,
    using: [],
    usingAlias: undefined,
    on: undefined,
    alias: undefined,
    columns: [],
    span: left.span,
    ...parts,
  }
}
