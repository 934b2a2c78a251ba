import type { Catalog, DialectName, SqlGuard } from '@t2t/sql-guard'
import { quotedName } from '../databases/quoted-name.ts'
import type { AskEngine } from './posture.ts'

/** Where the grants of the role and the policy disagree; columns are `schema.table.column`. */
export interface Drift {
  /**
   * Whether the engine has roles and grants at all. SQLite has none: whoever opens the file may read
   * all of it, and only the guard and the session stand in between.
   */
  readonly hasGrants: boolean
  /** Columns that the policy hides and the role could read. */
  readonly readableThoughHidden: readonly string[]
  /** Columns that the policy shows and the role cannot read. */
  readonly hiddenThoughShown: readonly string[]
  /**
   * Tables, as `schema.table`, of which the policy filters the rows and the engine gives the role
   * all. Whether a row security policy says the same as the filter is not compared.
   */
  readonly unfilteredRows: readonly string[]
}

/** Compares what a guard shows with what the role may read. */
export async function driftOf(ask: AskEngine, guard: SqlGuard): Promise<Drift> {
  const [known, visible] = [guard.catalog, guard.visibleCatalog()]
  const queries = grantQueries[guard.dialect]
  const all = known === undefined ? [] : namesOf(known)
  const readable = new Set(
    queries === undefined ? all : (await ask(queries.readable)).map(([name]) => String(name)),
  )
  const shown = new Set(visible === undefined ? [] : namesOf(visible))
  const filtered = filteredTables(guard)
  const isFiltered = new Set(
    queries?.filtered === undefined || filtered.length === 0
      ? []
      : (await ask(queries.filtered)).map(([name]) => String(name)),
  )
  const isRead = (table: string): boolean =>
    [...readable].some((column) => column.startsWith(`${table}.`))
  return {
    hasGrants: queries !== undefined,
    readableThoughHidden: all.filter((name) => readable.has(name) && !shown.has(name)),
    hiddenThoughShown: [...shown].filter((name) => !readable.has(name)),
    unfilteredRows: filtered.filter((table) => !isFiltered.has(table) && isRead(table)),
  }
}

/** Tables whose rows the guard filters: there, it reads more than a query asks for. */
function filteredTables(guard: SqlGuard): readonly string[] {
  return (guard.catalog?.tables ?? [])
    .filter(({ kind, schema, name }) => {
      const table = `${quotedName(schema, guard.dialect)}.${quotedName(name, guard.dialect)}`
      const verdict = kind === 'table' ? guard.check(`SELECT 1 FROM ${table}`) : undefined
      return verdict?.kind === 'allowed' && verdict.allReads !== undefined
    })
    .map(({ schema, name }) => `${schema}.${name}`)
}

function namesOf({ tables }: Catalog): readonly string[] {
  return tables.flatMap(({ schema, name, columns }) =>
    columns.map((column) => `${schema}.${name}.${column.name}`),
  )
}

/** What the role may read, and of which tables the engine gives it some rows only. */
interface GrantQueries {
  readonly readable: string
  readonly filtered?: string | undefined
}

const grantQueries: Readonly<Partial<Record<DialectName, GrantQueries>>> = {
  postgres: {
    readable: `SELECT n.nspname || '.' || c.relname || '.' || a.attname FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        AND has_schema_privilege(n.oid, 'USAGE')
        AND has_column_privilege(c.oid, a.attnum, 'SELECT')`,
    filtered: `SELECT n.nspname || '.' || c.relname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relrowsecurity AND row_security_active(c.oid)`,
  },
  mysql: {
    readable: `SELECT CONCAT(table_schema, '.', table_name, '.', column_name)
      FROM information_schema.columns
      WHERE table_schema = DATABASE() AND FIND_IN_SET('select', privileges) > 0`,
  },
  // The server shows a role only the columns that it may read.
  clickhouse: {
    readable: `SELECT concat(database, '.', table, '.', name) FROM system.columns
      WHERE database = currentDatabase()`,
  },
}
