import type { Node } from 'libpg-query'
import { refuse } from '../refusal.ts'
import type { Expression, FromItem } from '../tree.ts'
import { documentTables } from './document-tables.ts'
import { type Build, named, texts, type Translations } from './nodes.ts'
import { typeText } from './parts.ts'

/** How each kind of node in `FROM` is translated. A kind that is not here is refused. */
export const fromKinds: Translations<FromItem> = {
  RangeVar: ({ catalogname, schemaname, relname, inh, alias, location }, build) => ({
    kind: 'table',
    path: [catalogname, schemaname, relname].filter((part) => part !== undefined),
    ...named(alias),
    isOnly: inh !== true,
    sample: [],
    span: build.span(location),
  }),
  RangeSubselect: ({ lateral, subquery, alias }, build) => {
    const query = build.subquery(subquery)
    return {
      kind: 'subquery',
      query,
      ...named(alias),
      isLateral: lateral ?? false,
      span: query.span,
    }
  },
  RangeFunction: ({ functions, alias, coldeflist }, build) => {
    const calls: Expression[] = []
    const defined = [...names(coldeflist)]
    for (const entry of functions ?? []) {
      const [called, columns] = 'List' in entry ? (entry.List.items ?? []) : [entry]
      calls.push(build.expression(called))
      if (columns !== undefined && 'List' in columns) {
        defined.push(...names(columns.List.items))
        calls.push(...types(columns.List.items, build))
      }
    }
    calls.push(...types(coldeflist, build))
    const { alias: name, columns } = named(alias)
    const span = calls[0]?.span ?? build.span(0)
    return {
      kind: 'function',
      calls,
      alias: name,
      columns: columns.length > 0 ? columns : defined,
      span,
    }
  },
  ...documentTables,
  RangeTableSample: ({ relation, method, args, repeatable, location }, build) => {
    const name = texts(method).join('.')
    if (!['bernoulli', 'system', 'pg_catalog.bernoulli', 'pg_catalog.system'].includes(name)) {
      refuse('function-refused', 'The sampling method is not known.', build.span(location), name)
    }
    if (relation === undefined || !('RangeVar' in relation)) {
      refuse('construct-unknown', 'Only a table can be sampled.', build.span(location))
    }
    const table = build.from(relation)
    const sample = build.expressions([...(args ?? []), ...(repeatable ? [repeatable] : [])])
    return table.kind === 'table' ? { ...table, sample } : table
  },
  JoinExpr: (value, build) => {
    const left = value.larg === undefined ? undefined : build.from(value.larg)
    const right = value.rarg === undefined ? undefined : build.from(value.rarg)
    if (left === undefined || right === undefined) {
      return refuse('construct-unknown', 'A join has only one side.', build.span(0))
    }
    return {
      kind: 'join',
      left,
      right,
      isNatural: value.isNatural ?? false,
      using: texts(value.usingClause).map((name) => ({ name, span: right.span })),
      usingAlias: value.join_using_alias?.aliasname,
      on: build.optional(value.quals),
      ...named(value.alias),
      span: left.span,
    }
  },
}

function names(definitions: readonly Node[] | undefined): readonly string[] {
  return (definitions ?? []).map((node) =>
    'ColumnDef' in node ? (node.ColumnDef.colname ?? '') : '',
  )
}

/** The types of columns that a function is told to give, each as a cast. */
function types(definitions: readonly Node[] | undefined, build: Build): readonly Expression[] {
  return (definitions ?? []).flatMap((node): Expression[] => {
    if (!('ColumnDef' in node)) return []
    const span = build.span(node.ColumnDef.location)
    const operand: Expression = { kind: 'literal', integer: undefined, span }
    return [{ kind: 'cast', operand, type: typeText(node.ColumnDef.typeName), span }]
  })
}
