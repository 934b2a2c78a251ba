import { costOfCall } from '../../cost/cost-of-call.ts'
import { freeNames } from '../../resolve/names/free-names.ts'
import type { Dialect, DialectTraits } from '../dialect.ts'
import { safeFunctions } from './functions.ts'
import { parseClickhouse } from './parse.ts'

/**
 * ClickHouse 24.8 and later, read with a grammar of our own that accepts queries only.
 *
 * There is no parser of the engine's own for JavaScript. The grammar is therefore closed: a text is
 * read to its last token or refused. Names are taken in every way in which the engine may take them:
 * an alias may be used anywhere in its select and below it, and a name with dots may be a column of
 * a table, a column by itself, or a part of one.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { clickhouse } from '@t2t/sql-guard/clickhouse'
 *
 * const guard = await createSqlGuard({
 *   dialect: clickhouse({ database: 'shop' }),
 *   policy: definePolicy(),
 * })
 * const verdict = guard.check('SELECT uniq(customer_id) FROM orders')
 * ```
 */
export function clickhouse({ database = 'default' }: ClickhouseOptions = {}): Dialect {
  return {
    name: 'clickhouse',
    traits: { ...traits, searchPath: [database] },
    load: () => Promise.resolve(),
    parse: parseClickhouse,
  }
}

/** Options for {@link clickhouse}. */
export interface ClickhouseOptions {
  /**
   * The database that names without one are looked up in; a catalog says it better.
   * @defaultValue `default`
   */
  readonly database?: string | undefined
}

const systemSchemas: ReadonlySet<string> = new Set([
  'system',
  'information_schema',
  '_temporary_and_external_tables',
])

/** Columns of storage, which tell where a row lies and when it was changed. */
const systemColumns: ReadonlySet<string> = new Set(
  `_part _part_index _part_uuid _part_offset _part_starting_offset _part_granule_offset _part_data_version
  _partition_id _partition_value _sample_factor _block_number _block_offset _row_exists _disk_name _table _database
  _path _file _size _time _etag _row_number _shard_num`.split(/\s+/),
)

const traits: DialectTraits = {
  lexis: {
    quotes: { '"': '"', '`': '`' },
    hasDollarQuotes: true,
    hasEscapeStrings: false,
    hasNestedComments: true,
    isMysql: false,
    isClickhouse: true,
  },
  quoteName: (name) => `\`${name.replaceAll('`', '``')}\``,
  quoteString: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  lastFour: (expression) => `right(toString(${expression}), 4)`,
  concatenate: (left, right) => `concat(${left}, ${right})`,
  typedNull: () => 'NULL',
  explainPrefix: 'EXPLAIN ',
  fold: (name) => name,
  limitsValues: false,
  searchPath: [],
  commonTables: 'unsure',
  onSeesAll: false,
  aliasesIn: [],
  nameRules: freeNames,
  costOf: costOfCall,
  hasWholeRows: false,
  rowFunctions: new Set(),
  mergedColumnsFirst: false,
  constantNames: ['inf', 'nan', 'infinity', 'Inf', 'NaN', 'INF', 'NAN'],
  rowIdNames: [],
  systemColumns,
  isSystemSchema: (schema) => systemSchemas.has(schema.toLowerCase()),
  isSystemTable: () => false,
  safeFunctions,
  safeOperators: new Set(),
  functionColumns: new Map([
    ['numbers', ['number']],
    ['numbers_mt', ['number']],
    ['zeros', ['zero']],
    ['generateSeries', ['generate_series']],
    ['generate_series', ['generate_series']],
  ]),
}
