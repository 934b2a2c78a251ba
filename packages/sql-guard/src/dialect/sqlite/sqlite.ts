import { costOfCall } from '../../cost/cost-of-call.ts'
import { DialectUnavailableError } from '../../errors/errors.ts'
import { fullText } from '../../resolve/names/searches.ts'
import type { Dialect, DialectTraits } from '../dialect.ts'
import { folded } from './fold.ts'
import { functionColumns, safeFunctions, searchFunctions } from './functions.ts'

/**
 * SQLite and libSQL, read with SQLite's own grammar. Needs the package `sqlite3-parser`.
 *
 * @throws `DialectUnavailableError` from `createSqlGuard`, when `sqlite3-parser` cannot be loaded.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { sqlite } from '@t2t/sql-guard/sqlite'
 *
 * const guard = await createSqlGuard({ dialect: sqlite(), policy: definePolicy() })
 * const verdict = guard.check('SELECT count(*) FROM orders')
 * ```
 */
export function sqlite(): Dialect {
  let parse: Dialect['parse'] | undefined
  return {
    name: 'sqlite',
    traits,
    async load() {
      try {
        const { parseSqlite } = await import('./parse.ts')
        parse = parseSqlite
      } catch (cause) {
        throw new DialectUnavailableError(
          'The parser cannot be loaded; npm install sqlite3-parser@0.7.1 brings it.',
          { cause },
        )
      }
    },
    parse(text, bounds) {
      if (parse === undefined) {
        throw new DialectUnavailableError('The dialect must be loaded before it can parse.')
      }
      return parse(text, bounds)
    },
  }
}

const engineTables = new Set([
  'dbstat',
  'bytecode',
  'tables_used',
  'completion',
  'fsdir',
  'zipfile',
  'csv',
])

const traits: DialectTraits = {
  lexis: {
    quotes: { '"': '"', '`': '`', '[': ']' },
    hasDollarQuotes: false,
    hasEscapeStrings: false,
    hasNestedComments: false,
    isMysql: false,
  },
  quoteName: (name) => `"${name.replaceAll('"', '""')}"`,
  quoteString: (text) => `'${text.replaceAll("'", "''")}'`,
  lastFour: (expression) => `substr(CAST(${expression} AS text), -4)`,
  concatenate: (left, right) => `${left} || ${right}`,
  typedNull: () => 'NULL',
  explainPrefix: 'EXPLAIN QUERY PLAN ',
  fold: folded,
  limitsValues: false,
  searchPath: ['main'],
  commonTables: 'all',
  onSeesAll: true,
  aliasesIn: ['where', 'group', 'having', 'order'],
  hasWholeRows: false,
  rowFunctions: new Set(),
  mergedColumnsFirst: false,
  constantNames: ['true', 'false'],
  rowIdNames: ['rowid', 'oid', '_rowid_'],
  isSystemSchema: (schema) => schema === 'temp',
  isSystemTable: (table) =>
    table.startsWith('sqlite_') || table.startsWith('pragma_') || engineTables.has(table),
  safeFunctions,
  searchRules: fullText(searchFunctions),
  safeOperators: new Set(),
  costOf: costOfCall,
  functionColumns,
}
