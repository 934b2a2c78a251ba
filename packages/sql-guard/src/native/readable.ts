import { tableKey } from '../catalog/table-key.ts'
import type { CatalogTable } from '../catalog/catalog.ts'
import { withInheritance } from '../catalog/inheritance.ts'
import type { DialectTraits } from '../dialect/dialect.ts'
import { createSqlGuard } from '../guard/create-guard.ts'
import { compileAccess } from '../policy/access.ts'
import { definePolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { prepareRowFilters } from '../rewrite/row-filter.ts'
import type { NativePolicyOptions } from './native-policy.ts'

/** What of a catalog a policy lets be read, table by table. */
export interface ReadablePart {
  readonly traits: DialectTraits
  readonly dialect: NativePolicyOptions['dialect']['name']
  readonly policy: Policy
  readonly tables: readonly ReadableTable[]
}

/** A table or view of which something may be read. */
export interface ReadableTable {
  readonly schema: string
  readonly name: string
  /** Names of the columns that may be used anywhere. */
  readonly columns: readonly string[]
  /** Whether there are columns that may not. */
  readonly isPartial: boolean
  /** Names of the columns that are shown behind a mask, or in groups only. */
  readonly limited: readonly string[]
  /** What must hold for a row; absent where all may be read. */
  readonly condition: string | undefined
  /** Other tables that the condition reads, as `schema.table`. */
  readonly conditionReads: readonly string[]
  /** The query that gives the permitted rows, masked columns masked. */
  readonly query: string
}

/** What the writers of an engine's words are given. */
export interface Writing {
  readonly part: ReadablePart
  readonly role: string
  readonly database: string
  readonly maxQueriesPerHour: number | undefined
}

/** Asks a guard about every column, so that the engine permits what the guard does. */
export async function readablePart(options: NativePolicyOptions): Promise<ReadablePart> {
  const { dialect, catalog, attributes = {}, policy = definePolicy() } = options
  // What is asked here names every column of a table, however many there are.
  const limits = { ...policy.limits, maxTextBytes: 16_777_216 }
  const guard = await createSqlGuard({
    dialect,
    policy: { ...policy, limits },
    catalog,
    attributes,
    maxCachedTexts: 0,
  })
  const { traits } = dialect
  const access = withInheritance(compileAccess(policy, traits, catalog.searchPath), catalog)
  const filters = prepareRowFilters(catalog, dialect, access, attributes, () => [])
  const query = (sql: string): string | undefined => {
    const verdict = guard.check(sql)
    return verdict.kind === 'refused' ? undefined : verdict.sql.replace(/\nLIMIT \d+$/, '')
  }

  const tables = (guard.visibleCatalog()?.tables ?? []).flatMap(
    (table): readonly ReadableTable[] => {
      const { schema, name } = table
      const { quoteName } = traits
      const from = `${quoteName(schema)}.${quoteName(name)}`
      const shown = table.columns
        .map((column) => column.name)
        .filter((column) => query(`SELECT ${quoteName(column)} FROM ${from}`) !== undefined)
      const free = shown.filter(
        (column) => query(`SELECT 1 FROM ${from} WHERE ${quoteName(column)} IS NULL`) !== undefined,
      )
      const all = query(`SELECT ${shown.map(quoteName).join(', ') || '1'} FROM ${from}`)
      if (all === undefined) return []
      const filter = filters.get(tableKey(schema, name))
      const own = guard.check(`SELECT 1 FROM ${from}`)
      const conditionReads = own.kind === 'allowed' ? (own.allReads ?? []) : []
      return [
        {
          schema,
          name,
          columns: free,
          isPartial: free.length < columnsOf(catalog.tables, table).length,
          limited: columnsOf(catalog.tables, table).filter((column) => {
            const isMasked = access.maskOf(schema, name, column) !== undefined
            return isMasked || access.groupsOf(schema, name, column).length > 0
          }),
          condition: filter?.condition,
          conditionReads: conditionReads
            .filter((read) => !(read.schema === schema && read.table === name))
            .map((read) => `${read.schema}.${read.table}`),
          query: all,
        },
      ]
    },
  )
  return { traits, dialect: dialect.name, policy, tables }
}

function columnsOf(
  tables: readonly CatalogTable[],
  { schema, name }: CatalogTable,
): readonly string[] {
  const whole = tables.find((table) => table.schema === schema && table.name === name)
  return (whole?.columns ?? []).map((column) => column.name)
}
