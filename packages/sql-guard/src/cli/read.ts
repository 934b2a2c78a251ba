import type { Catalog, DialectName } from '../catalog/catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { combinePolicies } from '../policy/combine-policies.ts'
import { definePolicy } from '../policy/define-policy.ts'
import { parsePolicy } from '../policy/policy-file.ts'
import type { Policy } from '../policy/policy.ts'
import { CallError, type CommandIo } from './io.ts'

const dialects: Readonly<Record<DialectName, () => Promise<Dialect>>> = {
  postgres: async () => (await import('../dialect/postgres/postgres.ts')).postgres(),
  sqlite: async () => (await import('../dialect/sqlite/sqlite.ts')).sqlite(),
  mysql: async () => (await import('../dialect/mysql/mysql.ts')).mysql(),
  clickhouse: async () => (await import('../dialect/clickhouse/clickhouse.ts')).clickhouse(),
}

/** The dialect that is named, or that the catalog describes. */
export async function readDialect(
  name: string | undefined,
  catalog: Catalog | undefined,
): Promise<Dialect> {
  const wanted = name ?? catalog?.dialect
  const known = Object.keys(dialects).join(', ')
  if (wanted === undefined) {
    throw new CallError(`--dialect is missing; there are ${known}. A catalog says it, too.`)
  }
  const load = isDialect(wanted) ? dialects[wanted] : undefined
  if (load === undefined) throw new CallError(`There is no dialect ${wanted}; there are ${known}.`)
  return load()
}

function isDialect(name: string): name is DialectName {
  return Object.hasOwn(dialects, name)
}

/** The policies of all files together, of which the strictest wins. */
export async function readPolicy(files: readonly string[], io: CommandIo): Promise<Policy> {
  const policies = await Promise.all(
    files.map(async (file) => parsePolicy(await readText(file, io), { file })),
  )
  const [first, ...others] = policies
  if (first === undefined) return definePolicy()
  return others.length === 0 ? first : combinePolicies(first, ...others)
}

/** @throws {@link CallError} when the file is not a catalog. */
export async function readCatalog(
  file: string | undefined,
  io: CommandIo,
): Promise<Catalog | undefined> {
  if (file === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(await readText(file, io))
  } catch (error) {
    if (error instanceof CallError) throw error
    throw new CallError(`The catalog ${file} is not JSON.`)
  }
  if (isCatalog(value)) return value
  throw new CallError(
    `${file} is not a catalog: it must be an object with dialect, version, searchPath and tables.`,
  )
}

function isCatalog(value: unknown): value is Catalog {
  return (
    typeof value === 'object' &&
    value !== null &&
    'dialect' in value &&
    typeof value.dialect === 'string' &&
    isDialect(value.dialect) &&
    'searchPath' in value &&
    Array.isArray(value.searchPath) &&
    'tables' in value &&
    Array.isArray(value.tables) &&
    value.tables.every(isTable)
  )
}

function isTable(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['schema', 'name', 'kind', 'columns', 'primaryKey', 'foreignKeys'].every((key) => key in value)
  )
}

/** @throws {@link CallError} when there is no such file. */
export async function readText(file: string, io: CommandIo): Promise<string> {
  try {
    return await io.readFile(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new CallError(`The file ${file} cannot be read (${code}).`)
  }
}

/** The catalog, where a command cannot work without. */
export function needCatalog(catalog: Catalog | undefined): Catalog {
  if (catalog === undefined) {
    throw new CallError('--catalog is missing; this command needs to know the tables.')
  }
  return catalog
}
