import type { JsonTableColumn, Node, RangeTableFuncCol } from 'libpg-query'
import type { Expression, FromItem } from '../tree.ts'
import { type Build, named, type Translations } from './nodes.ts'
import { both, call, typeText } from './parts.ts'

/** How tables that are made out of XML and JSON are translated. */
export const documentTables: Translations<FromItem> = {
  RangeTableFunc: ({ docexpr, rowexpr, namespaces, columns, alias, location }, build) => {
    const found = (columns ?? []).flatMap((node) =>
      'RangeTableFuncCol' in node ? [node.RangeTableFuncCol] : [],
    )
    const spaces = (namespaces ?? []).map((node) =>
      'ResTarget' in node ? node.ResTarget.val : node,
    )
    const args = both(docexpr, rowexpr, ...spaces, ...found.flatMap(expressionsOf))
    const table = call('xmltable', args, location, build)
    const { alias: name, columns: names } = named(alias)
    return {
      kind: 'function',
      calls: [table, ...found.flatMap((column) => typeOf(column, build))],
      alias: name ?? 'xmltable',
      columns: [...names, ...found.map(({ colname }) => colname ?? '').slice(names.length)],
      span: table.span,
    }
  },
  JsonTable: ({ context_item, passing, columns, on_error, alias, location }, build) => {
    const found = columnsIn(columns)
    const values = (passing ?? []).map((node) =>
      'JsonArgument' in node && node.JsonArgument.val !== undefined
        ? { JsonValueExpr: node.JsonArgument.val }
        : node,
    )
    const item = context_item && { JsonValueExpr: context_item }
    const defaults = found.flatMap(({ on_empty, on_error: onError }) => [
      on_empty?.expr,
      onError?.expr,
    ])
    const args = both(item, ...values, ...defaults, on_error?.expr)
    const table = call('json_table', args, location, build)
    const { alias: name, columns: names } = named(alias)
    const own = found.flatMap((column) => (column.name === undefined ? [] : [column.name]))
    return {
      kind: 'function',
      calls: [table, ...found.flatMap((column) => typeOf(column, build))],
      alias: name ?? 'json_table',
      columns: [...names, ...own.slice(names.length)],
      span: table.span,
    }
  },
}

/** The columns of a list, with those of lists inside it. */
function columnsIn(nodes: readonly Node[] | undefined): readonly JsonTableColumn[] {
  return (nodes ?? []).flatMap((node) => {
    if (!('JsonTableColumn' in node)) return []
    const { columns } = node.JsonTableColumn
    return columns === undefined ? [node.JsonTableColumn] : columnsIn(columns)
  })
}

function expressionsOf({ colexpr, coldefexpr }: RangeTableFuncCol): readonly (Node | undefined)[] {
  return [colexpr, coldefexpr]
}

/** The type of a column, as a cast. */
function typeOf(
  { typeName, location }: RangeTableFuncCol | JsonTableColumn,
  build: Build,
): readonly Expression[] {
  if (typeName === undefined) return []
  const span = build.span(location)
  const operand: Expression = { kind: 'literal', integer: undefined, span }
  return [{ kind: 'cast', operand, type: typeText(typeName), span }]
}
