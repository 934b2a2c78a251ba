import type { Context } from '../context.ts'
import type { Reads } from '../reads.ts'
import type { BaseTable, Column, Scope } from '../relation.ts'

/** Names that a finding offers at the most. */
const maxCandidates = 5

/** Searches in one text at the most: each compares a name with all others, and most texts need few. */
const maxSearches = 32

const searches = new WeakMap<Reads, number>()

function maySearch({ reads }: Context): boolean {
  const count = (searches.get(reads) ?? 0) + 1
  searches.set(reads, count)
  return count <= maxSearches
}

/** Columns of a table that may be read, in the order of the table. */
export function visibleColumns(context: Context, table: BaseTable): readonly string[] {
  const known = context.tables?.find(table.schema, table.name, context.readView)
  return (known?.columns ?? []).filter((column) => isVisible(context, column)).flatMap(nameOf)
}

/** Permitted tables whose names are close to what was written, best first. */
export function nearTables(context: Context, written: string): readonly string[] {
  const { access, tables } = context
  if (tables === undefined || access === undefined || !maySearch(context)) return []
  const names = tables
    .list()
    .filter(({ schema, name }) => access.allowsTable(schema, name))
    .map(({ schema, name }) => (schema === context.searchPath[0] ? name : `${schema}.${name}`))
  return nearest(written, names)
}

/** Permitted columns in reach whose names are close to what was written, best first. */
export function nearColumns(
  context: Context,
  written: string,
  scope: Scope,
  columns: readonly Column[] | undefined,
): readonly string[] {
  if (!maySearch(context)) return []
  const inReach = columns ?? columnsInReach(scope)
  return nearest(written, inReach.filter((column) => isVisible(context, column)).flatMap(nameOf))
}

function columnsInReach(scope: Scope): readonly Column[] {
  const columns: Column[] = []
  for (let level: Scope | undefined = scope; level !== undefined; level = level.outer) {
    columns.push(...level.columns)
  }
  return columns
}

function isVisible({ access }: Context, { sources }: Column): boolean {
  return !sources.some(
    ({ table, column }) => access?.blocksColumn(table.schema, table.name, column) === true,
  )
}

function nameOf({ name }: Column): readonly string[] {
  return name === undefined ? [] : [name]
}

/** The names at the smallest distance, unless nothing is close. */
function nearest(written: string, names: readonly string[]): readonly string[] {
  const wanted = simplified(written)
  return [...new Set(names)]
    .map((name) => ({ name, distance: distanceTo(wanted, simplified(name)) }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 2)))
    .toSorted((left, right) => left.distance - right.distance)
    .slice(0, maxCandidates)
    .map(({ name }) => name)
}

/** Names that differ in case, underscores or a plural only are the same to an author. */
function simplified(name: string): string {
  return name.toLowerCase().replace(/[_\s]/g, '').replace(/s$/, '').slice(0, 64)
}

/** Edits that turn one word into another; a word that holds the other is one edit away. */
function distanceTo(from: string, to: string): number {
  if (from.length > 2 && to.length > 2 && (to.includes(from) || from.includes(to))) {
    return from === to ? 0 : 1
  }
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1),
      )
    }
    previous = current
  }
  return previous[to.length] ?? 0
}
