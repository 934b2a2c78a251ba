import type { DatabaseSync } from 'node:sqlite'
import type { CatalogTable } from '../../catalog/catalog.ts'
import { withInheritance } from '../../catalog/inheritance.ts'
import { createSqlGuard, type SqlGuardOptions } from '../../guard/create-guard.ts'
import { type Access, compileAccess } from '../../policy/access.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Policy } from '../../policy/policy.ts'
import { prepareRowFilters } from '../../rewrite/row-filter.ts'
import { CallError } from '../io.ts'

/** Two databases that differ only in what a policy hides. */
export interface Worlds {
  readonly one: DatabaseSync
  readonly other: DatabaseSync
  readonly hidden: readonly Hidden[]
}

/** A column, or with it a table or rows of one, that a policy hides. */
export interface Hidden {
  readonly table: string
  readonly column: string
}

interface Making extends Pick<SqlGuardOptions, 'attributes'> {
  readonly dialect: SqlGuardOptions['dialect']
  readonly policy: Policy
  readonly catalog: Catalog
}

const fewestRows = 6
const mostRows = 200

/** Makes the tables of a catalog twice, and fills them. */
export async function openWorlds(making: Making): Promise<Worlds> {
  const { dialect, policy, catalog, attributes = {} } = making
  const access = withInheritance(compileAccess(policy, dialect.traits, catalog.searchPath), catalog)
  const guard = await createSqlGuard({ dialect, policy, catalog, attributes })
  const filters = prepareRowFilters(catalog, dialect, access, attributes, () => [])
  const { DatabaseSync: Sqlite } = await import('node:sqlite')
  const [one, other] = [new Sqlite(':memory:'), new Sqlite(':memory:')]
  const quoted = dialect.traits.quoteName
  const hidden: Hidden[] = []

  for (const table of catalog.tables.filter(({ kind }) => kind === 'table')) {
    const count = rowsOf(table, access)
    const isRefused = guard.check(`SELECT 1 FROM ${quoted(table.name)}`).kind === 'refused'
    const secret = table.columns.filter(
      ({ name, generatedFrom = [] }) =>
        generatedFrom.length === 0 &&
        (isRefused ||
          guard.check(`SELECT 1 FROM ${quoted(table.name)} WHERE ${quoted(name)} IS NULL`).kind ===
            'refused'),
    )
    hidden.push(...secret.map(({ name }) => ({ table: table.name, column: name })))
    for (const [world, database] of [one, other].entries()) {
      run(database, schemaOf(table, quoted))
      const columns = table.columns.filter(({ generatedFrom = [] }) => generatedFrom.length === 0)
      const names = columns.map(({ name }) => quoted(name)).join(', ')
      const insert = database.prepare(
        `INSERT INTO ${quoted(table.name)} (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
      )
      for (let row = 0; row < count; row++) {
        insert.run(
          ...columns.map((column) => {
            // The same values stand at other rows, so that a whole group tells the same.
            const isMoved = world === 1 && secret.includes(column)
            return valueOf(column.type, isMoved ? (row + 1) % count : row, column.name)
          }),
        )
      }
      if (world === 1 && isRefused) {
        insert.run(...columns.map((column) => valueOf(column.type, count, column.name)))
      }
      const filter = filters.get(`${table.schema}.${table.name}`)
      if (filter === undefined) continue
      if (world === 0) hidden.push({ table: table.name, column: table.columns[0]?.name ?? 'rowid' })
      else
        run(database, `DELETE FROM ${quoted(table.name)} WHERE (${filter.condition}) IS NOT TRUE`)
    }
  }
  for (const { name, kind, definition } of catalog.tables) {
    if (kind !== 'view' || definition === undefined) continue
    for (const database of [one, other]) {
      run(database, `CREATE VIEW ${quoted(name)} AS ${definition}`)
    }
  }
  return { one, other, hidden }
}

/** As many rows as the largest group must have, so that only the whole table is one. */
function rowsOf({ schema, name, columns }: CatalogTable, access: Access): number {
  const sizes = columns
    .flatMap((column) => access.groupsOf(schema, name, column.name))
    .map(({ size }) => size)
  const count = Math.max(fewestRows, ...sizes)
  if (count <= mostRows) return count
  throw new CallError(`fuzz makes ${mostRows} rows at the most, fewer than a group of ${name} has.`)
}

function schemaOf({ name, columns, primaryKey }: CatalogTable, quoted: (name: string) => string) {
  const [key, second] = primaryKey
  const list = columns.map((column) => {
    const from = (column.generatedFrom ?? []).map((each) => `coalesce(${quoted(each)}, '')`)
    const isKey = column.name === key && second === undefined && /^integer$/i.test(column.type)
    return from.length > 0
      ? `${quoted(column.name)} ${column.type} GENERATED ALWAYS AS (${from.join(' || ')})`
      : `${quoted(column.name)} ${column.type}${isKey ? ' PRIMARY KEY' : ''}`
  })
  return `CREATE TABLE ${quoted(name)} (${list.join(', ')})`
}

/** A value of a row; those of one column are all different. */
function valueOf(type: string, row: number, column: string): string | number {
  if (/int|num|dec|real|floa|doub|bool/i.test(type)) return row + 1
  if (/date|time/i.test(type)) return `2024-01-${String((row % 28) + 1).padStart(2, '0')}`
  return `${String.fromCharCode(97 + (row % 26))}${row} ${column}`
}

function run(database: DatabaseSync, sql: string): void {
  try {
    database.exec(sql)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CallError(`The catalog cannot be made in SQLite: ${reason}.`)
  }
}
