import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { findColumn, findTable } from '../schema/find.ts'

/** What an expression of metadata reads. */
export interface ExpressionUse {
  readonly tables: readonly CatalogTable[]
  readonly isAggregate: boolean
}

const words = new Set(
  'sum count avg min max total round abs coalesce nullif cast as integer real numeric text distinct case when then else end and or not null is in between like lower upper length'.split(
    ' ',
  ),
)
const token =
  /\s+|(?<string>'(?:[^']|'')*')|(?<number>\d+(?:\.\d+)?)|(?<name>"[^"]+"|[A-Za-z_]\w*)(?<dotted>(?:\.(?:"[^"]+"|[A-Za-z_]\w*))*)|(?<mark>[-+*/%(),<>=|!])|(?<other>[^])/g

/**
 * Reads an expression of metadata strictly: `table.column` names that the catalog has, numbers,
 * strings, operators and a few functions. Everything else makes it unusable.
 *
 * @returns `undefined` when the expression must not be used.
 */
export function readExpression(expression: string, catalog: Catalog): ExpressionUse | undefined {
  if (/--|\/\*/.test(expression)) return undefined
  const tables = new Set<CatalogTable>()
  let depth = 0
  for (const { groups } of expression.matchAll(token)) {
    const { name, dotted, mark, other } = groups ?? {}
    if (other !== undefined) return undefined
    if (mark === '(') depth += 1
    if (mark === ')') depth -= 1
    if (depth < 0) return undefined
    if (name === undefined) continue
    if (dotted === '' || dotted === undefined) {
      if (!words.has(name.toLowerCase())) return undefined
      continue
    }
    const parts = `${name}${dotted}`.split('.').map((part) => part.replaceAll('"', ''))
    const table = findTable(catalog, parts.slice(0, -1).join('.'))
    if (table === undefined || findColumn(table, parts.at(-1) ?? '') === undefined) return undefined
    tables.add(table)
  }
  if (depth !== 0 || tables.size === 0) return undefined
  return {
    tables: [...tables],
    isAggregate: /\b(?:sum|count|avg|min|max|total)\s*\(/i.test(expression),
  }
}
