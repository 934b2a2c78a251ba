import { findColumn } from '../schema/find.ts'
import type { Expression, FromItem } from '@t2t/sql-guard'
import { joinConditions, partsOf, type ReadSelect } from './selects.ts'

/**
 * Finds two tables that a `SELECT` reads without any condition between them, so that each row of one
 * meets each row of the other. `CROSS JOIN` says that this is meant, and a part of one row repeats nothing.
 */
export function unjoinedIn(
  read: ReadSelect,
  sql: string,
): readonly [first: string, second: string] | undefined {
  const { from, where } = read.select
  const names = [...read.tables.keys()]
  const isPlain = read.isPlain && names.length > 1 && from.every((item) => !isApart(item, sql))
  if (!isPlain) return undefined
  const conditions = [...from.flatMap(joinConditions), ...(where === undefined ? [] : [where])]
  const groups = new Map(names.map((name) => [name, name]))
  for (const condition of conditions.flatMap(comparisons)) {
    const parts = partsOf(condition)
    if (parts.some(({ kind }) => kind === 'query')) return undefined
    const joined = parts.map((part) => relationOf(part, read))
    if (joined.includes('unsure')) return undefined
    const [first, ...others] = joined.filter((name) => name !== undefined)
    const target = first === undefined ? undefined : groups.get(first)
    if (target === undefined) continue
    for (const other of others) {
      const old = groups.get(other)
      for (const [name, group] of groups) if (group === old) groups.set(name, target)
    }
  }
  const [first = '', ...rest] = names
  const other = rest.find((name) => groups.get(name) !== groups.get(first))
  return other === undefined ? undefined : [first, other]
}

/** The parts of a condition between `AND` and `OR`. */
function comparisons(condition: Expression): readonly Expression[] {
  return condition.kind === 'operator' && condition.isLogical === true
    ? condition.operands.flatMap(comparisons)
    : [condition]
}

/** Whether an item joins in a way that is not looked at here. */
function isApart(item: FromItem, sql: string): boolean {
  if (item.kind !== 'join') return item.kind !== 'table'
  const between = sql.slice(item.left.span.end, item.right.span.start)
  const isJoined = item.isNatural || item.using.length > 0
  return (
    isJoined || /\bcross\b/i.test(between) || isApart(item.left, sql) || isApart(item.right, sql)
  )
}

function relationOf(part: Expression, { tables }: ReadSelect): string | undefined {
  if (part.kind !== 'column') return undefined
  const owner = part.parts.at(-2)?.toLowerCase()
  if (owner !== undefined) return tables.has(owner) ? owner : 'unsure'
  const holders = [...tables].filter(
    ([, table]) => findColumn(table, part.parts.at(-1) ?? '') !== undefined,
  )
  return holders.length === 1 ? holders[0]?.[0] : 'unsure'
}
