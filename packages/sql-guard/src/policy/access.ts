import type { DialectTraits } from '../dialect/dialect.ts'
import type { Mask, Policy } from './policy.ts'

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
  /** How the column is masked, if it is. */
  maskOf(schema: string, table: string, column: string): Mask | undefined
  /** Whether any column of the table is blocked or masked. */
  hidesColumnOf(schema: string, table: string): boolean
  /** Conditions on the rows of a table. */
  filtersOf(schema: string, table: string): readonly string[]
  allowsFunction(schema: string | undefined, name: string): boolean
}

/** The traits that compiling a policy needs. */
export type NameRules = Pick<
  DialectTraits,
  'fold' | 'isSystemSchema' | 'isSystemTable' | 'safeFunctions'
>

/** Compiles a policy with all that must agree with it. */
export function compileAccess(
  policy: Policy,
  rules: NameRules,
  searchPath: readonly string[],
): Access {
  const own = compileOne(policy, rules, searchPath)
  const others = (policy.also ?? []).map((other) => compileAccess(other, rules, searchPath))
  if (others.length === 0) return own
  const all = [own, ...others]
  return {
    blocksColumns: all.some((each) => each.blocksColumns),
    blocksTables: all.some((each) => each.blocksTables),
    allowsTable: (schema, table) => all.every((each) => each.allowsTable(schema, table)),
    blocksTable: (schema, table) => all.some((each) => each.blocksTable(schema, table)),
    namesTable: (schema, table) => all.every((each) => each.namesTable(schema, table)),
    blocksColumn: (schema, table, column) =>
      all.some((each) => each.blocksColumn(schema, table, column)),
    hidesColumnOf: (schema, table) => all.some((each) => each.hidesColumnOf(schema, table)),
    maskOf: (schema, table, column) =>
      strictestMask(all.map((each) => each.maskOf(schema, table, column))),
    filtersOf: (schema, table) => all.flatMap((each) => each.filtersOf(schema, table)),
    allowsFunction: (schema, name) => all.every((each) => each.allowsFunction(schema, name)),
  }
}

function strictestMask(masks: readonly (Mask | undefined)[]): Mask | undefined {
  return (['null', 'redacted', 'last-4'] as const).find((mask) => masks.includes(mask))
}

/**
 * Compiles a policy. Names on block lists match whatever their case, so that a misspelled rule
 * hides too much rather than too little.
 */
function compileOne(policy: Policy, rules: NameRules, searchPath: readonly string[]): Access {
  const fold = (name: string) => rules.fold(name)
  const allowed =
    policy.tables.allow === 'all' ? undefined : tableSet(policy.tables.allow, searchPath, fold)
  const blocked = tableSet(policy.tables.block, searchPath, lower)
  const columns = columnMap(
    policy.columns.block.map((name) => [name, true]),
    searchPath,
  )
  const masks = columnMap(Object.entries(policy.columns.mask ?? {}), searchPath)
  const filters = filterMap(policy.rows?.filter ?? {}, searchPath)
  const functionsAllowed = new Set(policy.functions.allow.map(fold))
  const functionsBlocked = new Set(policy.functions.block.map(lower))

  const isSystem = (schema: string, table: string) =>
    rules.isSystemSchema(lower(schema)) || rules.isSystemTable(lower(table))
  const namesTable = (schema: string, table: string) =>
    allowed !== undefined && has(allowed, fold(schema), fold(table))
  const blocksTable = (schema: string, table: string) => has(blocked, lower(schema), lower(table))

  return {
    blocksColumns: columns.size > 0 || masks.size > 0,
    blocksTables: policy.tables.block.length > 0 || filters.size > 0,
    blocksTable,
    namesTable,
    allowsTable: (schema, table) =>
      !blocksTable(schema, table) &&
      (allowed === undefined ? !isSystem(schema, table) : namesTable(schema, table)),
    blocksColumn: (schema, table, column) =>
      columns.get(key(lower(schema), lower(table)))?.has(lower(column)) === true,
    maskOf: (schema, table, column) =>
      masks.get(key(lower(schema), lower(table)))?.get(lower(column)),
    hidesColumnOf: (schema, table) =>
      columns.has(key(lower(schema), lower(table))) || masks.has(key(lower(schema), lower(table))),
    filtersOf: (schema, table) => filters.get(key(lower(schema), lower(table))) ?? [],
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

function columnMap<Value>(
  entries: readonly (readonly [string, Value])[],
  searchPath: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, Value>> {
  const tables = new Map<string, Map<string, Value>>()
  for (const [name, value] of entries) {
    const parts = name.split('.').map(lower)
    const column = parts.at(-1) ?? ''
    const table = parts.at(-2) ?? ''
    const schemas = parts.length > 2 ? parts.slice(0, 1) : searchPath.map(lower)
    for (const schema of schemas) {
      const columns = tables.get(key(schema, table)) ?? new Map<string, Value>()
      tables.set(key(schema, table), columns.set(column, value))
    }
  }
  return tables
}

function filterMap(
  filters: Readonly<Record<string, string>>,
  searchPath: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, readonly string[]>()
  for (const [name, condition] of Object.entries(filters)) {
    for (const table of tableSet([name], searchPath, lower)) {
      tables.set(table, [...(tables.get(table) ?? []), condition])
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
