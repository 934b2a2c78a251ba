import type { Catalog, CatalogColumn, CatalogTable } from '../../catalog/catalog.ts'
import { withInheritance } from '../../catalog/inheritance.ts'
import { createSqlGuard, type SqlGuardOptions } from '../../guard/create-guard.ts'
import type { SqlGuard } from '../../guard/guard.ts'
import { type Access, compileAccess } from '../../policy/access.ts'
import type { Policy } from '../../policy/policy.ts'
import { prepareRowFilters } from '../../rewrite/row-filter.ts'
import { CallError } from '../io.ts'
import type { Database, EmbeddedEngine } from './engine.ts'

/** Two databases that differ only in what a policy hides. */
export interface Worlds {
  readonly one: Database
  readonly other: Database
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
  readonly engine: EmbeddedEngine
}

const fewestRows = 6
const mostRows = 200

/** Makes the tables of a catalog twice, and fills them. */
export async function openWorlds(making: Making): Promise<Worlds> {
  const { dialect, policy, catalog, attributes = {}, engine } = making
  const access = withInheritance(compileAccess(policy, dialect.traits, catalog.searchPath), catalog)
  const guard = await createSqlGuard({ dialect, policy, catalog, attributes })
  const filters = prepareRowFilters(catalog, dialect, access, attributes, () => [])
  const quoted = dialect.traits.quoteName
  const [one, other] = [await engine.open(), await engine.open()]
  const both = async (sql: string): Promise<void> => {
    for (const database of [one, other]) await run(database, sql)
  }
  const hidden: Hidden[] = []

  for (const schema of new Set(catalog.tables.map((table) => table.schema))) {
    if (schema !== engine.schema) await both(`CREATE SCHEMA ${quoted(schema)}`)
  }
  for (const table of catalog.tables.filter(({ kind }) => kind === 'table')) {
    const name = `${quoted(table.schema)}.${quoted(table.name)}`
    const count = rowsOf(table, access)
    const isRefused = guard.check(`SELECT 1 FROM ${name}`).kind === 'refused'
    const secret = secretsOf(table, isRefused ? undefined : guard, name, quoted)
    hidden.push(...secret.map((column) => ({ table: table.name, column: column.name })))
    await both(schemaOf(table, name, quoted, engine))
    const insert = insertInto(table, name, quoted, engine)
    const row = (at: number, moved: number) =>
      insert((column) => (secret.includes(column) ? moved : at))
    for (let at = 0; at < count; at++) {
      await run(one, row(at, at))
      // The same values stand at other rows, so that a whole group tells the same.
      await run(other, row(at, (at + 1) % count))
    }
    if (isRefused) await run(other, row(count, count))
    const filter = filters.get(`${table.schema}.${table.name}`)
    if (filter === undefined) continue
    hidden.push({ table: table.name, column: table.columns[0]?.name ?? 'rowid' })
    await run(other, `DELETE FROM ${name} WHERE (${filter.condition}) IS NOT TRUE`)
  }
  for (const { schema, name, kind, definition } of catalog.tables) {
    if (kind !== 'view' || definition === undefined) continue
    await both(`CREATE VIEW ${quoted(schema)}.${quoted(name)} AS ${definition}`)
  }
  return { one, other, hidden }
}

/** Columns that no text may read; without a guard, all of them. */
function secretsOf(
  { columns }: CatalogTable,
  guard: SqlGuard | undefined,
  table: string,
  quoted: (name: string) => string,
): readonly CatalogColumn[] {
  return columns.filter(
    ({ name, generatedFrom = [] }) =>
      generatedFrom.length === 0 &&
      (guard === undefined ||
        guard.check(`SELECT 1 FROM ${table} WHERE ${quoted(name)} IS NULL`).kind === 'refused'),
  )
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

function schemaOf(
  { columns, primaryKey }: CatalogTable,
  name: string,
  quoted: (name: string) => string,
  engine: EmbeddedEngine,
): string {
  const [key, second] = primaryKey
  const list = columns.map((column) => {
    const from = (column.generatedFrom ?? []).map((each) => `coalesce(${quoted(each)}, '')`)
    const isGenerated = from.length > 0
    const type = isGenerated && !engine.generates ? 'text' : engine.typeOf(column.type)
    const isKey = column.name === key && second === undefined && /^integer$/i.test(type)
    return isGenerated && engine.generates
      ? `${quoted(column.name)} ${type} GENERATED ALWAYS AS (${from.join(' || ')})`
      : `${quoted(column.name)} ${type}${isKey ? ' PRIMARY KEY' : ''}`
  })
  return `CREATE TABLE ${name} (${list.join(', ')})`
}

/** Writes one row; says for each column which values it takes. */
function insertInto(
  { columns }: CatalogTable,
  name: string,
  quoted: (name: string) => string,
  engine: EmbeddedEngine,
): (rowOf: (column: CatalogColumn) => number) => string {
  const filled = columns.filter(
    ({ generatedFrom = [] }) => generatedFrom.length === 0 || !engine.generates,
  )
  const names = filled.map((column) => quoted(column.name)).join(', ')
  return (rowOf) => {
    const values = filled.map((column) => {
      const from = columns.filter((each) => column.generatedFrom?.includes(each.name) === true)
      if (from.length === 0) return valueOf(engine.typeOf(column.type), rowOf(column), column.name)
      const parts = from.map((each) => valueOf(engine.typeOf(each.type), rowOf(each), each.name))
      return `concat(${parts.join(', ')})`
    })
    return `INSERT INTO ${name} (${names}) VALUES (${values.join(', ')})`
  }
}

/** A value of a row, as it is written; those of one column are all different. */
function valueOf(type: string, row: number, column: string): string {
  if (/bool/i.test(type) && !/int/i.test(type)) return row % 2 === 0 ? 'true' : 'false'
  if (/int|num|dec|real|floa|doub/i.test(type)) return String(row + 1)
  if (/date|time/i.test(type)) return `'2024-01-${String((row % 28) + 1).padStart(2, '0')}'`
  const text = `${String.fromCharCode(97 + (row % 26))}${row} ${column}`
  return `'${text.replaceAll("'", "''")}'`
}

async function run(database: Database, sql: string): Promise<void> {
  try {
    await database.exec(sql)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CallError(`The catalog cannot be made in the embedded engine: ${reason}.`)
  }
}
