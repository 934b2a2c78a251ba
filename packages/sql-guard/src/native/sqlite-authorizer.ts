import { folded } from '../dialect/sqlite/fold.ts'
import type { AllowedVerdict, TableRead } from '../guard/verdict.ts'

/**
 * What `setAuthorizer` of `node:sqlite` calls while a statement is prepared: 0 permits an action, 1
 * denies it, and with it the statement.
 */
export type SqliteAuthorizer = (
  action: number,
  first: string | null,
  second: string | null,
  database: string | null,
  within: string | null,
) => 0 | 1

/** What an authorizer is made of; an {@link AllowedVerdict} has it. */
export type SqliteReads = Pick<AllowedVerdict, 'reads' | 'allReads' | 'functions'>

/**
 * Makes an authorizer that permits exactly what the guard said that a statement does: to read its
 * columns and to call its functions. Whatever else SQLite would do is denied when it is prepared, so
 * that a mistake of the guard is an error and not a leak.
 *
 * Make one for each verdict of a guard with a catalog; without one, the guard does not know what a
 * view reads. Put it around the preparation, and deny everything else at other times. SQLite does
 * not say that it compares the columns of `NATURAL` and `USING`: those the guard alone decides.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import type { AllowedVerdict } from '@t2t/sql-guard'
 * import { sqliteAuthorizer } from '@t2t/sql-guard/native'
 *
 * export function read(database: DatabaseSync, verdict: AllowedVerdict) {
 *   database.setAuthorizer(sqliteAuthorizer(verdict))
 *   return database.prepare(verdict.sql).all()
 * }
 * ```
 */
export function sqliteAuthorizer(statement: SqliteReads): SqliteAuthorizer {
  const read = statement.allReads ?? statement.reads
  const columns = columnsByTable(read)
  const tables = new Set(read.map(({ table }) => folded(table)))
  const views = new Set(read.filter(({ isView }) => isView).map(({ table }) => folded(table)))
  const functions = new Set([
    ...operators,
    ...(statement.functions ?? []).map(({ name }) => folded(name)),
  ])

  const shadows = shadowsOf(read)

  const permits: SqliteAuthorizer = (action, first, second, database, within) => {
    switch (action) {
      case selects:
      case recurses:
        return 0
      case reads:
        return mayRead(database, folded(first ?? ''), folded(second ?? ''), within) ? 0 : 1
      case calls:
        // What a view calls, its owner chose.
        return isInView(within) || functions.has(folded(second ?? '')) ? 0 : 1
      case asks:
        // A full-text table looks whether it has been changed.
        return shadows.size > 0 && first === 'data_version' ? 0 : 1
      default:
        return 1
    }
  }

  const mayRead = (
    database: string | null,
    table: string,
    column: string,
    within: string | null,
  ): boolean => {
    // Of a statement that reads no column of a table, as `count(*)`, SQLite tells the table alone;
    // of a view, all columns, whichever the statement asks for.
    if (column === '' || isInView(within)) return tables.has(table) || isFunction(table)
    if (shadows.has(table)) return true
    const known = columns.get(`${folded(database ?? '')}.${table}`)
    if (known === undefined) return isFunction(table)
    // `rowid` is asked for where no column of the table is it.
    return column === 'rowid' || known.has(column) || known.has('*')
  }
  // SQLite names common tables here, too.
  const isInView = (within: string | null): boolean => within !== null && views.has(folded(within))
  // A function in FROM is a table to SQLite.
  const isFunction = (table: string): boolean => tableFunctions.has(table) && functions.has(table)
  return permits
}

const [asks, reads, selects, calls, recurses] = [19, 20, 21, 31, 33]

/** Operators and constants that are functions to SQLite. */
const operators = ['like', 'glob', '->', '->>', 'current_date', 'current_time', 'current_timestamp']

const tableFunctions: ReadonlySet<string> = new Set([
  'json_each',
  'json_tree',
  'jsonb_each',
  'jsonb_tree',
])

/** The tables in which full-text tables keep what they hold, whose names are kept free for them. */
function shadowsOf(tables: readonly TableRead[]): ReadonlySet<string> {
  const parts = 'content data idx docsize config segments segdir stat'.split(' ')
  return new Set(
    tables
      .filter(({ isFullText }) => isFullText === true)
      .flatMap(({ table }) => parts.map((part) => folded(`${table}_${part}`))),
  )
}

function columnsByTable(tables: readonly TableRead[]): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    tables.map(({ schema, table, columns: read }) => [
      folded(`${schema}.${table}`),
      new Set(read.map(({ column }) => folded(column))),
    ]),
  )
}
