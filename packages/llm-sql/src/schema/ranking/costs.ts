import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable } from '@t2t/sql-guard'
import { describeColumn, describeHead, describeKey, type Say } from '../describe.ts'

/** Counts the tokens of a text. */
export type CountTokens = (text: string) => number

/** Tokens of something, as a prompt shows it and by its names, types and keys alone. */
export interface Price {
  readonly full: number
  readonly named: number
}

/** What showing the parts of a schema costs. */
export interface Costs {
  readonly whole: Price
  readonly table: (table: CatalogTable) => Price
  readonly column: (table: CatalogTable, column: CatalogColumn) => Price
  readonly foreignKey: (key: CatalogForeignKey) => Price
}

const known = new WeakMap<Catalog, WeakMap<CountTokens, Costs>>()
const say: Say = (text, maxLength = 200) =>
  text.length > maxLength ? text.slice(0, maxLength + 1) : text

/** Says what the parts of a catalog cost; remembered for as long as the catalog lives. */
export function costsOf(catalog: Catalog, countTokens: CountTokens): Costs {
  const byCounter = known.get(catalog) ?? new WeakMap<CountTokens, Costs>()
  const costs = byCounter.get(countTokens) ?? build(catalog, countTokens)
  byCounter.set(countTokens, costs)
  known.set(catalog, byCounter)
  return costs
}

function build({ tables, searchPath }: Catalog, countTokens: CountTokens): Costs {
  const count = (line: string): number => countTokens(`${line}\n`)
  const table = remembered((one: CatalogTable): Price => ({
    full: count(describeHead(one, searchPath, say)),
    named: count(describeHead({ ...one, comment: undefined }, searchPath, say)),
  }))
  const foreignKey = remembered((key: CatalogForeignKey): Price => {
    const tokens = count(describeKey(key, say))
    return { full: tokens, named: tokens }
  })
  const columns = new Map<CatalogColumn, Price>()
  const column = (of: CatalogTable, one: CatalogColumn): Price => {
    const before = columns.get(one)
    if (before !== undefined) return before
    const { name, type, isNullable } = one
    const price = {
      full: count(describeColumn(one, of.primaryKey, say)),
      named: count(describeColumn({ name, type, isNullable }, of.primaryKey, say)),
    }
    columns.set(one, price)
    return price
  }
  const prices = tables.flatMap((one) => [
    table(one),
    ...one.columns.map((part) => column(one, part)),
    ...one.foreignKeys.map(foreignKey),
  ])
  const whole = {
    full: prices.reduce((sum, { full }) => sum + full, 0),
    named: prices.reduce((sum, { named }) => sum + named, 0),
  }
  return { whole, table, column, foreignKey }
}

function remembered<Key extends object>(priceOf: (key: Key) => Price): (key: Key) => Price {
  const prices = new Map<Key, Price>()
  return (key) => {
    const price = prices.get(key) ?? priceOf(key)
    prices.set(key, price)
    return price
  }
}
