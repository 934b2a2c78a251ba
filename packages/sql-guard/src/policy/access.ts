import { tableKey as key } from '../catalog/table-key.ts'
import { caseless } from '../dialect/caseless.ts'
import type { DialectTraits } from '../dialect/dialect.ts'
import type { Mask, MinGroupSize, Policy } from './policy.ts'

/** A policy in the form in which questions about names are answered quickly. */
export interface Access {
  /** Whether any column is blocked, so that what cannot be traced must be refused. */
  readonly blocksColumns: boolean
  /** Whether any table is blocked. */
  readonly blocksTables: boolean
  allowsTable(schema: string, table: string): boolean
  /** Whether the table is on the block list, and so refused behind a view, too. */
  blocksTable(schema: string, table: string): boolean
  /** Whether the table is on the allow list, by its own name or with all of its schema. */
  namesTable(schema: string, table: string): boolean
  /** Whether the table is on the allow list by its own name. */
  namesTableItself(schema: string, table: string): boolean
  blocksColumn(schema: string, table: string, column: string): boolean
  /** How the column is masked, if it is. */
  maskOf(schema: string, table: string, column: string): Mask | undefined
  /** How large the groups must be that the column may be read in; empty where it is free. */
  groupsOf(schema: string, table: string, column: string): readonly GroupSize[]
  /** Whether any column of the table is blocked, masked, or read in groups only. */
  hidesColumnOf(schema: string, table: string): boolean
  /** Conditions on the rows of a table. */
  filtersOf(schema: string, table: string): readonly string[]
  /** `arity` is absent where a name may be a call, and what it is called with is not known. */
  allowsFunction(schema: string | undefined, name: string, arity?: number): boolean
}

/** Whether a column may not be used like any other: it is blocked, masked, or read in groups. */
export function limitsColumn(
  access: Access,
  { table: { schema, name }, column }: NamedColumn,
): boolean {
  return (
    access.blocksColumn(schema, name, column) ||
    access.maskOf(schema, name, column) !== undefined ||
    access.groupsOf(schema, name, column).length > 0
  )
}

interface NamedColumn {
  readonly table: { readonly schema: string; readonly name: string }
  readonly column: string
}

/** A {@link MinGroupSize}; without `of`, rows are counted. */
export type GroupSize = Pick<MinGroupSize, 'size'> & Partial<MinGroupSize>

/** The traits that compiling a policy needs. */
export type NameRules = Pick<
  DialectTraits,
  'fold' | 'foldTable' | 'isSystemSchema' | 'isSystemTable' | 'safeFunctions'
>

/** What a policy says about a column. */
type ColumnRule = 'blocked' | Mask | GroupSize

/**
 * Compiles a policy with all that must agree with it. Names on block lists match whatever their
 * case, so that a misspelled rule hides too much rather than too little.
 */
export function compileAccess(
  policy: Policy,
  rules: NameRules,
  searchPath: readonly string[],
): Access {
  const policies = withOthers(policy)
  const foldTable = (name: string) => (rules.foldTable ?? rules.fold)(name)
  const allowLists = policies.map(({ tables: { allow } }) =>
    allow === 'all' ? undefined : tableSet(allow, searchPath, foldTable),
  )
  const blocked = tableSet(
    policies.flatMap(({ tables }) => tables.block),
    searchPath,
    caseless,
  )
  const columns = columnMap(policies.flatMap(columnRules), searchPath)
  const filters = filterMap(
    policies.flatMap(({ rows }) => Object.entries(rows?.filter ?? {})),
    searchPath,
  )
  const functionsAllowed = policies.map(({ functions }) =>
    functionSet(
      functions.allow.map((name) => rules.fold(name)),
      false,
    ),
  )
  const functionNames = policies.flatMap(({ functions }) => functions.block).map(caseless)
  const functionsBlocked = functionSet(functionNames, true)
  // A name without a schema may mean a function of each of these.
  const bareSchemas = ['pg_catalog', ...searchPath.map(caseless)]
  const bareBlocked = functionSet(
    functionNames
      .map((name) => name.split('.'))
      .flatMap(([schema = '', name]) =>
        name !== undefined && bareSchemas.includes(schema) ? [name] : [],
      ),
    true,
  )

  const isSystem = (schema: string, table: string) =>
    rules.isSystemSchema(caseless(schema)) || rules.isSystemTable(caseless(table))
  const isOnList = (list: ReadonlySet<string>, schema: string, table: string) =>
    list.has(key(foldTable(schema), foldTable(table)))
  // Tables of the system are found without a schema, too, and belong to none that a user has.
  const isWithSchema = (list: ReadonlySet<string>, schema: string, table: string) =>
    isOnList(list, schema, '*') &&
    (rules.isSystemSchema(caseless(schema)) || !rules.isSystemTable(caseless(table)))
  const isListed = (list: ReadonlySet<string>, schema: string, table: string) =>
    isOnList(list, schema, table) || isWithSchema(list, schema, table)
  // Where nobody knows the path, a name without a schema means each schema.
  const schemasOf = (schema: string): readonly string[] =>
    searchPath.includes('') ? [caseless(schema), ''] : [caseless(schema)]
  const blocksTable = (schema: string, table: string) =>
    schemasOf(schema).some((each) => has(blocked, each, caseless(table)))
  const rulesOf = (schema: string, table: string, column: string): readonly ColumnRule[] =>
    schemasOf(schema).flatMap(
      (each) => columns.get(key(each, caseless(table)))?.get(caseless(column)) ?? [],
    )

  return {
    blocksColumns: columns.size > 0,
    blocksTables: blocked.size + filters.size > 0,
    blocksTable,
    namesTable: (schema, table) =>
      allowLists.every((list) => list !== undefined && isListed(list, schema, table)),
    namesTableItself: (schema, table) =>
      allowLists.every((list) => list !== undefined && isOnList(list, schema, table)),
    allowsTable: (schema, table) =>
      !blocksTable(schema, table) &&
      allowLists.every((list) =>
        list === undefined ? !isSystem(schema, table) : isListed(list, schema, table),
      ),
    blocksColumn: (schema, table, column) => rulesOf(schema, table, column).includes('blocked'),
    maskOf(schema, table, column) {
      const found = rulesOf(schema, table, column)
      return (['null', 'redacted', 'last-4'] as const).find((mask) => found.includes(mask))
    },
    groupsOf: (schema, table, column) =>
      rulesOf(schema, table, column).filter((rule) => typeof rule === 'object'),
    hidesColumnOf: (schema, table) =>
      schemasOf(schema).some((each) => columns.has(key(each, caseless(table)))),
    filtersOf: (schema, table) => filters.get(key(caseless(schema), caseless(table))) ?? [],
    allowsFunction(schema, name, arity) {
      const full = schema === undefined ? name : `${schema}.${name}`
      if (
        functionsBlocked(caseless(name), arity) ||
        functionsBlocked(caseless(full), arity) ||
        (schema === undefined && bareBlocked(caseless(name), arity))
      ) {
        return false
      }
      const isBuiltIn = schema === undefined || schema === 'pg_catalog'
      const isSafe = isBuiltIn && rules.safeFunctions.has(name)
      return functionsAllowed.every(
        (allows) => isSafe || allows(full, arity) || (isBuiltIn && allows(name, arity)),
      )
    },
  }
}

function withOthers(policy: Policy): readonly Policy[] {
  return [policy, ...(policy.also ?? []).flatMap(withOthers)]
}

function columnRules({ columns }: Policy): readonly (readonly [string, ColumnRule])[] {
  const { block, mask = {}, minGroupSize = {} } = columns
  return [
    ...block.map((name): [string, ColumnRule] => [name, 'blocked']),
    ...Object.entries(mask),
    ...Object.entries(minGroupSize).map(([name, group]): [string, ColumnRule] => [
      name,
      typeof group === 'number' ? { size: group } : group,
    ]),
  ]
}

/** Says whether `name` or `name/arity` is on a list; `unknown` holds for a call of unknown arity. */
function functionSet(
  names: readonly string[],
  unknown: boolean,
): (name: string, arity: number | undefined) => boolean {
  const entries = new Set(names)
  const withArity = new Set(
    names.filter((name) => name.includes('/')).map((name) => name.replace(/\/.*/, '')),
  )
  return (name, arity) => {
    if (entries.has(name)) return true
    if (withArity.size === 0 || !withArity.has(name)) return false
    return arity === undefined ? unknown : entries.has(`${name}/${arity}`)
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

function columnMap(
  entries: readonly (readonly [string, ColumnRule])[],
  searchPath: readonly string[],
): ReadonlyMap<string, ReadonlyMap<string, readonly ColumnRule[]>> {
  const tables = new Map<string, Map<string, ColumnRule[]>>()
  for (const [name, rule] of entries) {
    const [column = '', table = '', schema] = name.split('.').map(caseless).toReversed()
    for (const each of schema === undefined ? searchPath.map(caseless) : [schema]) {
      const columns = tables.get(key(each, table)) ?? new Map<string, ColumnRule[]>()
      columns.set(column, [...(columns.get(column) ?? []), rule])
      tables.set(key(each, table), columns)
    }
  }
  return tables
}

function filterMap(
  filters: readonly (readonly [string, string])[],
  searchPath: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const tables = new Map<string, readonly string[]>()
  for (const [name, condition] of filters) {
    for (const table of tableSet([name], searchPath, caseless)) {
      tables.set(table, [...(tables.get(table) ?? []), condition])
    }
  }
  return tables
}

function has(set: ReadonlySet<string>, schema: string, table: string): boolean {
  return set.size > 0 && (set.has(key(schema, table)) || set.has(key(schema, '*')))
}
