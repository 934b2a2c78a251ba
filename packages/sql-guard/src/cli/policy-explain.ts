import type { CatalogTable } from '../catalog/catalog.ts'
import { withInheritance } from '../catalog/inheritance.ts'
import { createSqlGuard } from '../guard/create-guard.ts'
import type { SqlGuard } from '../guard/guard.ts'
import { type Access, compileAccess } from '../policy/access.ts'
import type { DialectTraits } from '../dialect/dialect.ts'
import type { CommandIo, ExitCode } from './io.ts'
import type { Options } from './options.ts'
import { needCatalog, readCatalog, readDialect, readPolicy } from './read.ts'

/** What of a table may be read. */
interface ExplainedTable {
  readonly table: string
  /** Why nothing may be read; absent where something may. */
  readonly refused?: string
  readonly rows?: readonly string[]
  readonly columns: Readonly<Record<string, string>>
}

/** Says, table by table, what a policy lets be read; a guard is asked about every column. */
export async function explainPolicy(
  options: Options,
  _file: string,
  io: CommandIo,
): Promise<ExitCode> {
  const catalog = needCatalog(await readCatalog(options.catalog, io))
  const dialect = await readDialect(options.dialect, catalog)
  const policy = await readPolicy(options.policy, io)
  const { traits } = dialect
  const access = withInheritance(compileAccess(policy, traits, catalog.searchPath), catalog)
  const names = catalog.tables.flatMap(({ schema, name }) =>
    access.filtersOf(schema, name).flatMap((text) => [...text.matchAll(/:([A-Za-z_]\w*)/g)]),
  )
  const missing = Object.fromEntries(names.map(([, name = '']) => [name, null]))
  const attributes = { ...missing, ...options.attributes }
  const guard = await createSqlGuard({ dialect, policy, catalog, attributes })

  const tables = catalog.tables.map((table) => explained(table, guard, access, traits))
  if (options.json) {
    io.write(`${JSON.stringify({ policy: policy.name, tables })}\n`)
    return 0
  }
  io.write(`Under ${policy.name}, ${policy.limits.maxRows} rows at the most:\n`)
  for (const table of tables) io.write(written(table))
  return 0
}

function explained(
  { schema, name, columns }: CatalogTable,
  guard: SqlGuard,
  access: Access,
  { quoteName }: DialectTraits,
): ExplainedTable {
  const from = `${quoteName(schema)}.${quoteName(name)}`
  const whole = guard.check(`SELECT 1 FROM ${from}`)
  const table = `${schema}.${name}`
  if (whole.kind === 'refused') {
    return { table, refused: whole.findings[0]?.message ?? '', columns: {} }
  }
  const rows = access.filtersOf(schema, name)
  const stateOf = (column: string): string => {
    const isRead = (sql: string): boolean => guard.check(sql).kind === 'allowed'
    if (isRead(`SELECT 1 FROM ${from} WHERE ${quoteName(column)} IS NULL`)) return 'read'
    const groups = access.groupsOf(schema, name, column)
    if (isRead(`SELECT count(${quoteName(column)}) FROM ${from}`) && groups.length > 0) {
      const sizes = groups.map(({ size, of }) => (of === undefined ? `${size}` : `${size} ${of}`))
      return `in groups of ${sizes.join(' and ')}`
    }
    if (!isRead(`SELECT ${quoteName(column)} FROM ${from}`)) return 'hidden'
    return `masked (${access.maskOf(schema, name, column) ?? 'as what it is computed from'})`
  }
  return {
    table,
    ...(rows.length === 0 ? {} : { rows }),
    columns: Object.fromEntries(columns.map((column) => [column.name, stateOf(column.name)])),
  }
}

function written({ table, refused, rows, columns }: ExplainedTable): string {
  if (refused !== undefined) return `\n${table}\n  not read: ${refused}\n`
  const byState = Map.groupBy(Object.entries(columns), ([, state]) => state)
  const lines = [...byState].map(
    ([state, entries]) => `  ${state}: ${entries.map(([name]) => name).join(', ')}\n`,
  )
  const where = (rows ?? []).map((condition) => `  only rows where ${condition}\n`)
  return `\n${table}\n${[...where, ...lines].join('')}`
}
