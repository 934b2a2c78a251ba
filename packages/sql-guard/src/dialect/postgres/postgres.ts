import { costOfCall } from '../../cost/cost-of-call.ts'
import { DialectUnavailableError } from '../../errors/errors.ts'
import { tableTypes } from '../../resolve/names/types.ts'
import { postgresLexis } from './lexis.ts'
import type { Dialect, DialectTraits } from '../dialect.ts'
import {
  functionColumns,
  refusedTypes,
  rowFunctions,
  safeFunctions,
  safeOperators,
  safeTypes,
} from './functions.ts'

/**
 * PostgreSQL and PGlite, read with PostgreSQL 18's own grammar. Needs the package `libpg-query`.
 *
 * @throws `DialectUnavailableError` from `createSqlGuard`, when `libpg-query` cannot be loaded.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { postgres } from '@t2t/sql-guard/postgres'
 *
 * const guard = await createSqlGuard({ dialect: postgres(), policy: definePolicy() })
 * const verdict = guard.check('SELECT count(*) FROM orders')
 * ```
 */
export function postgres(): Dialect {
  let parse: Dialect['parse'] | undefined
  return {
    name: 'postgres',
    traits,
    async load() {
      try {
        const [{ loadModule }, { parsePostgres }, { readerReady }] = await Promise.all([
          import('libpg-query'),
          import('./parse.ts'),
          import('./reader.ts'),
        ])
        await loadModule()
        await readerReady()
        parse = parsePostgres
      } catch (cause) {
        throw new DialectUnavailableError(
          'The parser cannot be loaded; npm install libpg-query@18 brings it.',
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

const traits: DialectTraits = {
  lexis: postgresLexis,
  quoteName: (name) => `"${name.replaceAll('"', '""')}"`,
  quoteString: (text) => (text.includes('\\') ? undefined : `'${text.replaceAll("'", "''")}'`),
  lastFour: (expression) => `right(CAST(${expression} AS text), 4)`,
  concatenate: (left, right) => `${left} || ${right}`,
  typedNull: (type) => `CAST(NULL AS ${type})`,
  explainPrefix: 'EXPLAIN (FORMAT JSON) ',
  fold: (name) => name,
  limitsValues: true,
  searchPath: ['public'],
  commonTables: 'standard',
  onSeesAll: false,
  aliasesIn: [],
  hasWholeRows: true,
  rowFunctions,
  mergedColumnsFirst: true,
  constantNames: [],
  rowIdNames: [],
  systemColumns: new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid']),
  isSystemSchema: (schema) => schema === 'information_schema' || schema.startsWith('pg_'),
  isSystemTable: (table) => table.startsWith('pg_'),
  safeFunctions,
  safeOperators,
  castRules: tableTypes({ refused: refusedTypes, safe: safeTypes }),
  costOf: costOfCall,
  functionColumns,
}
