import { costOfCall } from '../../cost/cost-of-call.ts'
import { caseless } from '../caseless.ts'
import type { Dialect, DialectTraits } from '../dialect.ts'
import { safeFunctions } from './functions.ts'
import { parseMysql } from './parse.ts'

/**
 * MySQL 8 and MariaDB 10.11 and later, read with a grammar of our own that accepts queries only.
 *
 * There is no parser of these engines' own for JavaScript. The grammar is therefore closed: a text
 * is read to its last token or refused, and what settings of the server could read in another way
 * is refused or written so that it means the same under all of them.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { mysql } from '@t2t/sql-guard/mysql'
 *
 * const guard = await createSqlGuard({ dialect: mysql({ database: 'shop' }), policy: definePolicy() })
 * const verdict = guard.check('SELECT count(*) FROM orders')
 * ```
 */
export function mysql({ database = '' }: MysqlOptions = {}): Dialect {
  return {
    name: 'mysql',
    traits: { ...traits, searchPath: [database] },
    load: () => Promise.resolve(),
    parse: parseMysql,
  }
}

/** Options for {@link mysql}. */
export interface MysqlOptions {
  /**
   * The database that names without one are looked up in; a catalog says it better.
   * @defaultValue none
   */
  readonly database?: string | undefined
}

const systemSchemas = new Set(['mysql', 'information_schema', 'performance_schema', 'sys'])

const traits: DialectTraits = {
  lexis: {
    quotes: { '"': '"', '`': '`' },
    hasDollarQuotes: false,
    hasEscapeStrings: false,
    hasNestedComments: false,
    isMysql: true,
  },
  quoteName: (name) => `\`${name.replaceAll('`', '``')}\``,
  quoteString: (text) => (text.includes('\\') ? undefined : `'${text.replaceAll("'", "''")}'`),
  lastFour: (expression) => `right(CAST(${expression} AS char), 4)`,
  concatenate: (left, right) => `concat(${left}, ${right})`,
  typedNull: () => 'NULL',
  explainPrefix: 'EXPLAIN FORMAT=JSON ',
  fold: caseless,
  foldTable: (name) => name,
  limitsValues: true,
  searchPath: [],
  commonTables: 'unsure',
  onSeesAll: false,
  aliasesIn: ['group', 'having', 'order'],
  hasWholeRows: false,
  rowFunctions: new Set(),
  mergedColumnsFirst: true,
  constantNames: [],
  rowIdNames: [],
  isSystemSchema: (schema) => systemSchemas.has(schema.toLowerCase()),
  isSystemTable: () => false,
  safeFunctions,
  safeOperators: new Set(),
  // FORMAT takes a number of digits, which the server itself bounds.
  costOf: (call) => (call.name === 'format' ? {} : costOfCall(call)),
  functionColumns: new Map(),
}
