import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { shortestPath } from '../schema/join-path.ts'
import { displayColumn, isKey } from '../schema/traits.ts'
import type { Aggregate, Direction } from '../question/grammar.ts'
import { hasRole, type Item, type Meaning } from './items.ts'
import type { Condition, Expression } from './query/query.ts'

/** What has been understood so far. The rules fill it, one after the other. */
export interface Reading {
  readonly catalog: Catalog
  readonly items: readonly Item[]
  /** Tables that the question names, in its order. */
  readonly named: readonly CatalogTable[]
  readonly outputs: Expression[]
  readonly where: Condition[]
  /** Conditions that say what nothing of a thing may be, and not what one row of it is not. */
  readonly exclusions: Set<Condition>
  /** The items that state conditions. */
  readonly places: Map<Condition, number>
  readonly having: Condition[]
  readonly groups: Group[]
  readonly order: { readonly by: Expression; readonly direction: Direction }[]
  limit: number | undefined
  isDistinct: boolean
  /** Factors from 0 to 1, one for each guess that was taken. */
  readonly doubts: number[]
  /** What could not be understood; one is enough to ask. */
  readonly problems: Problem[]
}

/** What the rows are grouped by: a thing, a column, or a unit of time whose column is chosen later. */
export type Group =
  | { readonly kind: 'table'; readonly table: CatalogTable }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'unit'; readonly unit: 'day' | 'month' | 'year' }

/** Something to ask the person. */
export interface Problem {
  readonly ask: string
  readonly choices: readonly string[]
}

/** Starts a reading of items. */
export function createReading(catalog: Catalog, items: readonly Item[]): Reading {
  return {
    catalog,
    items,
    named: namedTables(items),
    outputs: [],
    where: [],
    places: new Map(),
    exclusions: new Set(),
    having: [],
    groups: [],
    order: [],
    limit: undefined,
    isDistinct: false,
    doubts: [],
    problems: [],
  }
}

/** Everything that an item may mean in the schema, best first. */
export function meaningsOf(item: Item | undefined): readonly Meaning[] {
  if (item?.mention?.kind !== 'schema') return []
  return item.mention.candidates.map(({ entry, strength }) => ({
    table: entry.table,
    column: entry.column,
    strength,
  }))
}

function namedTables(items: readonly Item[]): readonly CatalogTable[] {
  const certain = new Set<CatalogTable>()
  for (const item of items) {
    const [best, ...others] = meaningsOf(item)
    if (best === undefined || best.column !== undefined) continue
    if (others.every(({ column }) => column === undefined)) certain.add(best.table)
  }
  return [
    ...new Set(
      items.flatMap((item) => {
        const table = tableAmong(item, certain)
        return table === undefined ? [] : [table]
      }),
    ),
  ]
}

function tableAmong(
  item: Item | undefined,
  certain: ReadonlySet<CatalogTable>,
): CatalogTable | undefined {
  const meanings = meaningsOf(item)
  const table = meanings.find(({ column }) => column === undefined)
  if (table === undefined) return undefined
  const isColumnElsewhere = meanings.some(
    ({ table: owner, column, strength }) =>
      column !== undefined &&
      owner !== table.table &&
      strength >= table.strength &&
      certain.has(owner) &&
      !isKey(owner, column),
  )
  const bestColumn = Math.max(
    0,
    ...meanings.filter(({ column }) => column !== undefined).map(({ strength }) => strength),
  )
  return isColumnElsewhere || bestColumn > table.strength ? undefined : table.table
}

/** The table that an item names; `undefined` when it rather means a column, or was used. */
export function tableOf(reading: Reading, item: Item | undefined): CatalogTable | undefined {
  if (item === undefined || item.isUsed) return undefined
  return tableAmong(item, new Set(reading.named))
}

/** The column that an unused item means, chosen by the tables around it. */
export function columnAt(
  reading: Reading,
  index: number,
  isWanted: (meaning: Column) => boolean = () => true,
): Column | undefined {
  const item = reading.items[index]
  if (item === undefined || item.isUsed) return undefined
  const right = neighbour(reading, index, 1)
  const left = neighbour(reading, index, -1)
  const bare = bareColumn(item, right ?? left)
  if (bare !== undefined && isWanted(bare)) return bare
  const companions = companionsOf(reading, index)
  const ranked = meaningsOf(item)
    .flatMap(({ table, column, strength }) =>
      column === undefined ? [] : [{ table, column, strength }],
    )
    .filter(isWanted)
    .map((meaning) => ({
      meaning,
      score:
        meaning.strength +
        closeness(reading, meaning, left, right) +
        companionship(meaning.table, companions),
    }))
    .toSorted((a, b) => b.score - a.score)
  const [best, second] = ranked
  if (best === undefined) return undefined
  if (
    second !== undefined &&
    best.score - second.score < 0.01 &&
    best.meaning.table !== second.meaning.table
  ) {
    reading.doubts.push(0.75)
  }
  return best.meaning
}

/** What columns in one list with an item may mean: "the id and name of the document". */
function companionsOf(reading: Reading, index: number): readonly (readonly Meaning[])[] {
  const before = reading.items[index]?.isListed === true ? reading.items[index - 1] : undefined
  const after = reading.items[index + 1]?.isListed === true ? reading.items[index + 1] : undefined
  return [before, after]
    .map((item) =>
      meaningsOf(item).filter(({ column, strength }) => column !== undefined && strength >= 0.9),
    )
    .filter((meanings) => meanings.length > 0)
}

function companionship(table: CatalogTable, companions: readonly (readonly Meaning[])[]): number {
  const shared = companions.map((meanings) =>
    meanings.some((meaning) => meaning.table === table)
      ? meanings.every((meaning) => meaning.table === table)
        ? 0.4
        : 0.2
      : 0,
  )
  return Math.max(0, ...shared)
}

/** "Name" and "id" beside a table mean its own, whatever they are called there. */
function bareColumn(item: Item, table: CatalogTable | undefined): Column | undefined {
  const isName = /^names?$/i.test(item.text)
  const isBare = isName || /^ids?$/i.test(item.text)
  if (!isBare || item.mention?.kind !== 'schema' || table === undefined) return undefined
  if (meaningsOf(item).some((meaning) => meaning.table === table && meaning.strength > 0.9)) {
    return undefined
  }
  const [key, second] = table.primaryKey
  const id = second === undefined ? table.columns.find(({ name }) => name === key) : undefined
  const column = isName ? displayColumn(table) : id
  return column === undefined ? undefined : { table, column, strength: 0.9 }
}

/** A column with the table that holds it. */
export interface Column {
  readonly table: CatalogTable
  readonly column: CatalogColumn
  readonly strength: number
}

function closeness(
  reading: Reading,
  { table, column }: Column,
  left: CatalogTable | undefined,
  right: CatalogTable | undefined,
): number {
  const near =
    table === right ? 0.5 : table === left ? 0.45 : reading.named.includes(table) ? 0.3 : 0
  const distance =
    near > 0 || reading.named.length === 0
      ? 0
      : (shortestPath(reading.catalog, reading.named, table)?.length ?? 9)
  return (
    near -
    0.05 * distance -
    (isKey(table, column) && !table.primaryKey.includes(column.name) ? 0.1 : 0)
  )
}

/** The table named next to an item, over words like "of" and "each". */
function neighbour(reading: Reading, index: number, step: 1 | -1): CatalogTable | undefined {
  for (let at = index + step; at >= 0 && at < reading.items.length; at += step) {
    const item = reading.items[at]
    const meanings = meaningsOf(item)
    const table = tableAmong(item, new Set(reading.named))
    if (table !== undefined) return table
    const isColumnInList =
      step === 1 && (meanings.length > 0 || (item?.isUsed === true && /^full$/i.test(item.text)))
    const isGlue =
      item?.mention?.kind === 'grammar' &&
      ['preposition', 'group', 'distinct', 'light', 'where', 'have'].includes(
        item.mention.grammar.role,
      )
    if (!isColumnInList && !(isGlue && step === 1)) return undefined
  }
  return undefined
}

/** The expression of a column. */
export function columnExpression({
  table,
  column,
}: Pick<Column, 'table' | 'column'>): Extract<Expression, { kind: 'column' }> {
  return { kind: 'column', table, column }
}

/** The expression of an item that a metadata term names. */
export function measureAt(
  reading: Reading,
  index: number,
): Extract<Expression, { kind: 'measure' }> | undefined {
  const item = reading.items[index]
  if (item?.isUsed !== false || item.mention?.kind !== 'measure') return undefined
  const { term, expression, tables, isAggregate } = item.mention
  return { kind: 'measure', name: term, expression, tables, isAggregate }
}

/** Folds an expression, unless its definition does so already. */
export function folded(aggregate: Aggregate, of: Expression): Expression {
  return of.kind === 'measure' && of.isAggregate ? of : { kind: 'aggregate', aggregate, of }
}

/** Adds a condition that an item of the question states. */
export function addCondition(reading: Reading, index: number, condition: Condition): void {
  reading.where.push(condition)
  reading.places.set(condition, index)
}

/** Marks items as used. */
export function use(...items: readonly (Item | undefined)[]): void {
  for (const item of items) if (item !== undefined) item.isUsed = true
}

/** The nearest index to the left whose item has none of the roles, and the roles that were passed. */
export function leftOver(
  reading: Reading,
  index: number,
  ...roles: Parameters<typeof hasRole>[1][]
): { readonly at: number; readonly passed: readonly Item[] } {
  const passed: Item[] = []
  let at = index - 1
  for (; at >= 0; at--) {
    const item = reading.items[at]
    if (item === undefined || !hasRole(item, ...roles)) break
    passed.push(item)
  }
  return { at, passed }
}
