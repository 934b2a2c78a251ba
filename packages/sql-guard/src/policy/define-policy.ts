import { PolicyInvalidError } from '../errors/errors.ts'
import { byName, either, integer, isObject, listOf, oneOf, parts, text, whole } from './check.ts'
import type { Mask, MinGroupSize, Policy } from './policy.ts'

/** A {@link Policy} of which everything may be left out. */
export interface PolicyInput {
  /** @defaultValue `'default'` */
  readonly name?: string | undefined
  readonly tables?:
    | {
        /** @defaultValue `'all'` */
        readonly allow?: 'all' | readonly string[] | undefined
        /** @defaultValue none */
        readonly block?: readonly string[] | undefined
      }
    | undefined
  readonly columns?:
    | {
        /** @defaultValue none */
        readonly block?: readonly string[] | undefined
        /** @defaultValue none */
        readonly mask?: Readonly<Record<string, Mask>> | undefined
        /** Integers from 2 up. @defaultValue none */
        readonly minGroupSize?: Readonly<Record<string, number | MinGroupSize>> | undefined
      }
    | undefined
  readonly rows?:
    | {
        /** @defaultValue none */
        readonly filter?: Readonly<Record<string, string>> | undefined
      }
    | undefined
  readonly statements?:
    | {
        /** @defaultValue `'never'` */
        readonly explain?: 'never' | 'plan' | undefined
      }
    | undefined
  readonly functions?:
    | {
        /** @defaultValue none beyond the safe set of the dialect */
        readonly allow?: readonly string[] | undefined
        /** @defaultValue none */
        readonly block?: readonly string[] | undefined
      }
    | undefined
  readonly limits?:
    | {
        /** @defaultValue 1000 */
        readonly maxRows?: number | undefined
        /** @defaultValue 65536 */
        readonly maxTextBytes?: number | undefined
        /** @defaultValue 64 */
        readonly maxDepth?: number | undefined
        /** @defaultValue 16 */
        readonly maxJoins?: number | undefined
        /** @defaultValue 1000000 */
        readonly maxGeneratedRows?: number | undefined
        /** @defaultValue `'data'` */
        readonly generators?: 'constant' | 'data' | undefined
        /** @defaultValue 1000000 */
        readonly maxBuiltBytes?: number | undefined
        /** An integer from 0 up. @defaultValue 2 */
        readonly maxCrossJoins?: number | undefined
        /** @defaultValue `'bounded'` */
        readonly recursion?: 'refused' | 'bounded' | 'allowed' | undefined
      }
    | undefined
}

const tableName = text(/^[^.*]+(\.([^.*]+|\*))?$/, 'table, schema.table or schema.*')
const oneTableName = text(/^[^.*]+(\.[^.*]+)?$/, 'table or schema.table')
const columnName = text(/^[^.*]+\.[^.*]+(\.[^.*]+)?$/, 'table.column or schema.table.column')
const bareName = text(/^[^.*]+$/, 'the name of a column')
const functionName = text(/^[^./]+(\.[^./]+)?(\/\d{1,3})?$/, 'name, schema.name or name/2')
const groupSize = integer(2, 1_000_000)

const policyInput = parts({
  name: text(/./, 'a name'),
  tables: parts({
    allow: either((value) => (Array.isArray(value) ? listOf(tableName) : oneOf('all', 'a list'))),
    block: listOf(tableName),
  }),
  columns: parts({
    block: listOf(columnName),
    mask: byName(columnName, oneOf('null', 'redacted', 'last-4')),
    minGroupSize: byName(
      columnName,
      either((value) => (isObject(value) ? whole({ size: groupSize, of: bareName }) : groupSize)),
    ),
  }),
  rows: parts({ filter: byName(oneTableName, text(/\S/, 'a condition')) }),
  statements: parts({ explain: oneOf('never', 'plan') }),
  functions: parts({ allow: listOf(functionName), block: listOf(functionName) }),
  limits: parts({
    maxRows: integer(1, 1_000_000_000),
    maxTextBytes: integer(1, 16_777_216),
    maxDepth: integer(1, 1_000),
    maxJoins: integer(1, 1_000),
    maxGeneratedRows: integer(1, 1_000_000_000_000),
    generators: oneOf('constant', 'data'),
    maxBuiltBytes: integer(1, 1_000_000_000_000),
    maxCrossJoins: integer(0, 1_000),
    recursion: oneOf('refused', 'bounded', 'allowed'),
  }),
})

/**
 * Fills in what a policy leaves out and checks the rest.
 *
 * Without any input the policy lets every table outside the system schemas be read, calls to the
 * dialect's safe functions, and 1000 rows.
 *
 * @throws {@link PolicyInvalidError} when parts are unknown, misspelled or out of range; it says all
 * that is wrong.
 *
 * @example
 * ```ts
 * import { definePolicy } from '@t2t/sql-guard'
 *
 * const policy = definePolicy({
 *   name: 'analyst',
 *   tables: { allow: ['orders', 'customers'] },
 *   columns: { block: ['customers.email'] },
 *   limits: { maxRows: 200 },
 * })
 * ```
 */
export function definePolicy(input: PolicyInput = {}): Policy {
  const problems = policyInput(input, [])
  if (problems.length > 0) throw new PolicyInvalidError(problems)
  const { name = 'default', tables, columns, functions, limits, rows, statements } = input
  return {
    name,
    tables: { allow: tables?.allow ?? 'all', block: tables?.block ?? [] },
    columns: {
      block: columns?.block ?? [],
      mask: columns?.mask ?? {},
      minGroupSize: columns?.minGroupSize ?? {},
    },
    rows: { filter: rows?.filter ?? {} },
    statements: { explain: statements?.explain ?? 'never' },
    functions: { allow: functions?.allow ?? [], block: functions?.block ?? [] },
    limits: {
      maxRows: limits?.maxRows ?? 1000,
      maxTextBytes: limits?.maxTextBytes ?? 65_536,
      maxDepth: limits?.maxDepth ?? 64,
      maxJoins: limits?.maxJoins ?? 16,
      maxGeneratedRows: limits?.maxGeneratedRows ?? 1_000_000,
      generators: limits?.generators ?? 'data',
      maxBuiltBytes: limits?.maxBuiltBytes ?? 1_000_000,
      maxCrossJoins: limits?.maxCrossJoins ?? 2,
      recursion: limits?.recursion ?? 'bounded',
    },
  }
}
