import type { Catalog, DialectName } from '@t2t/sql-guard'
import type { AskEngine } from './posture.ts'

/** Where the grants of the role and the policy disagree; names are `schema.table.column`. */
export interface Drift {
  /** Columns that the policy hides and the role could read. */
  readonly readableThoughHidden: readonly string[]
  /** Columns that the policy shows and the role cannot read. */
  readonly hiddenThoughShown: readonly string[]
}

/** Compares what a policy shows with what the role may read. */
export async function driftOf(ask: AskEngine, known: Catalog, visible: Catalog): Promise<Drift> {
  const query = readableQueries[known.dialect]
  const all = namesOf(known)
  const readable = new Set(
    query === undefined ? all : (await ask(query)).map(([name]) => String(name)),
  )
  const shown = new Set(namesOf(visible))
  return {
    readableThoughHidden: all.filter((name) => readable.has(name) && !shown.has(name)),
    hiddenThoughShown: [...shown].filter((name) => !readable.has(name)),
  }
}

function namesOf({ tables }: Catalog): readonly string[] {
  return tables.flatMap(({ schema, name, columns }) =>
    columns.map((column) => `${schema}.${name}.${column.name}`),
  )
}

/** Columns that the role may read; SQLite knows no roles, there it is all of them. */
const readableQueries: Readonly<Partial<Record<DialectName, string>>> = {
  postgres: `SELECT n.nspname || '.' || c.relname || '.' || a.attname FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND has_schema_privilege(n.oid, 'USAGE')
      AND has_column_privilege(c.oid, a.attnum, 'SELECT')`,
  mysql: `SELECT CONCAT(table_schema, '.', table_name, '.', column_name)
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND FIND_IN_SET('select', privileges) > 0`,
}
