import type { DialectTraits } from '../dialect/dialect.ts'
import type { Policy } from './policy.ts'

/** A policy in the form in which questions about names are answered quickly. */
export interface Access {
  /** Whether any column is blocked, so that what cannot be traced must be refused. */
  readonly blocksColumns: boolean
  /** Whether any table is blocked. */
  readonly blocksTables: boolean
  allowsTable(schema: string, table: string): boolean
  /** Whether the table is on the block list, and so refused behind a view, too. */
  blocksTable(schema: string, table: string): boolean
  /** Whether the table is on the allow list by its own name. */
  namesTable(schema: string, table: string): boolean
  blocksColumn(schema: string, table: string, column: string): boolean
  /** Whether any column of the table is blocked. */
  blocksColumnOf(schema: string, table: string): boolean
  allowsFunction(schema: string | undefined, name: string): boolean
}

/** The traits that compiling a policy needs. */
export type NameRules = Pick<
  DialectTraits,
  'fold' | 'isSystemSchema' | 'isSystemTable' | 'safeFunctions'
>

/**
 * Compiles a policy. Names on block lists match whatever their case, so that a misspelled rule
 * hides too much rather than too little.
 */
export function compileAccess(
  policy: Policy,
  rules: NameRules,
  searchPath: readonly string[],
): Access {
  const fold = (name: string) => rules.fold(name)
  const allowed =
    policy.tables.allow === 'all' ? undefined : tableSet(policy.tables.allow, searchPath, fold)
  const blocked = tableSet(policy.tables.block, searchPath, lower)
  const columns = columnSets(policy.columns.block, searchPath)
  const functionsAllowed = new Set(policy.functions.allow.map(fold))
  const functionsBlocked = new Set(policy.functions.block.map(lower))

  const isSystem = (schema: string, table: string) =>
    rules.isSystemSchema(lower(schema)) || rules.isSystemTable(lower(table))
  const namesTable = (schema: string, table: string) =>
    allowed !== undefined && has(allowed, fold(schema), fold(table))
  const blocksTable = (schema: string, table: string) => has(blocked, lower(schema), lower(table))

  return {
    blocksColumns: columns.size > 0,
    blocksTables: policy.tables.block.length > 0,
    blocksTable,
    namesTable,
    allowsTable: (schema, table) =>
      !blocksTable(schema, table) &&
      (allowed === undefined ? !isSystem(schema, table) : namesTable(schema, table)),
    blocksColumn: (schema, table, column) =>
      columns.get(key(lower(schema), lower(table)))?.has(lower(column)) === true,
    blocksColumnOf: (schema, table) => columns.has(key(lower(schema), lower(table))),
    allowsFunction(schema, name) {
      const full = schema === undefined ? name : `${schema}.${name}`
      if (functionsBlocked.has(lower(name)) || functionsBlocked.has(lower(full))) return false
      if (functionsAllowed.has(full)) return true
      const isBuiltIn = schema === undefined || schema === 'pg_catalog'
      return isBuiltIn && (rules.safeFunctions.has(name) || functionsAllowed.has(name))
    },
  }
}

function tableSet(
  names: readonly string[],
  searchPath: readonly string[],
  fold: (name: string) => string,
): ReadonlySet<string> {
  const set = new Set<string>()
  for (const name of names) {
    const [first = '', second] = name.split('.')
    if (second !== undefined) set.add(key(fold(first), fold(second)))
    else for (const schema of searchPath) set.add(key(fold(schema), fold(first)))
  }
  return set
}

function columnSets(
  names: readonly string[],
  searchPath: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map<string, Set<string>>()
  for (const name of names) {
    const parts = name.split('.').map(lower)
    const column = parts.at(-1) ?? ''
    const table = parts.at(-2) ?? ''
    const schemas = parts.length > 2 ? parts.slice(0, 1) : searchPath.map(lower)
    for (const schema of schemas) {
      const columns = tables.get(key(schema, table)) ?? new Set()
      tables.set(key(schema, table), columns.add(column))
    }
  }
  return tables
}

function has(set: ReadonlySet<string>, schema: string, table: string): boolean {
  return set.size > 0 && (set.has(key(schema, table)) || set.has(key(schema, '*')))
}

function key(schema: string, table: string): string {
  return `${schema}.${table}`
}

function lower(name: string): string {
  return name.toLowerCase()
}
