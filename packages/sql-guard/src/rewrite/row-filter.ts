import { tableKey } from '../catalog/table-key.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Dialect, DialectTraits } from '../dialect/dialect.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { TableRead } from '../guard/verdict.ts'
import type { Access } from '../policy/access.ts'
import type { TableReference } from '../resolve/reads.ts'
import type { BaseTable } from '../resolve/relation.ts'
import type { Edit } from './splice.ts'

/** A value that a row filter may name; it is written into the text as a constant. */
export type Attribute = string | number | boolean | null

/** The condition on the rows of a table, with the caller's attributes filled in. */
export interface RowFilter {
  readonly table: BaseTable
  readonly condition: string
  /** What the condition itself reads. */
  readonly reads: readonly TableRead[]
}

/** Row filters by the key of their table. */
export type RowFilters = ReadonlyMap<string, RowFilter>

/**
 * Fills the caller's attributes into the row filters of a policy, and checks that they can be read.
 *
 * @throws `OptionInvalidError` when an attribute is missing, or a condition is no condition.
 */
export function prepareRowFilters(
  catalog: Catalog | undefined,
  dialect: Dialect,
  access: Access,
  attributes: Readonly<Record<string, Attribute>>,
  readsOf: (sql: string) => readonly TableRead[] | undefined,
): RowFilters {
  const filters = new Map<string, RowFilter>()
  for (const { schema, name } of catalog?.tables ?? []) {
    const conditions = access.filtersOf(schema, name)
    if (conditions.length === 0) continue
    const condition = conditions
      .map((text) => `(${filled(text, dialect, attributes)})`)
      .join(' AND ')
    const table: BaseTable = { schema, name }
    const reads = readsOf(rowsOf({ table, condition }, dialect.traits))
    if (reads === undefined) {
      const hint = condition.includes('"') ? '; a string stands in single quotes' : ''
      throw new OptionInvalidError(
        `The row filter of ${name} is not a condition on that table${hint}.`,
      )
    }
    filters.set(tableKey(schema, name), { table, condition, reads })
  }
  return filters
}

/** A query for the rows that a filter lets through; the name of its table is the first in it. */
export function rowsOf(
  { table, condition }: Pick<RowFilter, 'table' | 'condition'>,
  { quoteName }: DialectTraits,
): string {
  return `SELECT 1 FROM ${quoteName(table.schema)}.${quoteName(table.name)} WHERE ${condition}`
}

function filled(
  condition: string,
  { traits }: Dialect,
  attributes: Readonly<Record<string, Attribute>>,
): string {
  return condition.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:([A-Za-z_]\w*)/g,
    (match, name: string | undefined) => {
      if (name === undefined) return match
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
      const constant = value === undefined ? undefined : constantOf(value, traits.quoteString)
      if (constant === undefined) {
        throw new OptionInvalidError(`The attribute ${name} of a row filter is missing or unsafe.`)
      }
      return constant
    },
  )
}

function constantOf(
  value: Attribute,
  quote: (text: string) => string | undefined,
): string | undefined {
  if (value === null) return 'NULL'
  if (typeof value === 'string') {
    // An engine is sent valid Unicode, in which half a character is another one.
    return value.includes('\0') || !value.isWellFormed() ? undefined : quote(value)
  }
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  return Number.isFinite(value) ? `(${value})` : undefined
}

/** The change that puts only the permitted rows of a table in its place. */
export function filterRows(
  text: string,
  { table, span, isNamed }: TableReference,
  filter: RowFilter,
  reads: readonly TableRead[],
  columnOrder: readonly string[],
  quoteName: (name: string) => string,
): Edit {
  const read = new Set(
    reads
      .filter((each) => each.schema === table.schema && each.table === table.name)
      .flatMap(({ columns }) => columns.map(({ column }) => column)),
  )
  const columns = columnOrder.filter((column) => read.has(column)).map(quoteName)
  const written = text.slice(span.start, span.end)
  const name = isNamed ? '' : ` AS ${quoteName(table.name)}`
  return {
    span,
    text: `(SELECT ${columns.join(', ') || '1'} FROM ${written} WHERE ${filter.condition})${name}`,
  }
}
