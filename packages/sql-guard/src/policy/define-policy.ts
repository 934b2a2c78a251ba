import * as z from 'zod/mini'
import { PolicyInvalidError } from '../errors/errors.ts'
import type { Mask, Policy } from './policy.ts'

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

const tableName = z.string().check(z.regex(/^[^.*]+(\.([^.*]+|\*))?$/))
const oneTableName = z.string().check(z.regex(/^[^.*]+(\.[^.*]+)?$/))
const columnName = z.string().check(z.regex(/^[^.*]+\.[^.*]+(\.[^.*]+)?$/))
const functionName = z.string().check(z.regex(/^[^.]+(\.[^.]+)?$/))

function names(name: z.ZodMiniString): z.ZodMiniOptional<z.ZodMiniArray<z.ZodMiniString>> {
  return z.optional(z.array(name))
}

/** What the smaller half of zod has no schema for, said in words. */
function is<Value>(
  holds: (value: unknown) => boolean,
  expected: string,
): z.ZodMiniOptional<z.ZodMiniCustom<Value>> {
  return z.optional(z.custom<Value>(holds, `expected ${expected}`))
}

function count(maximum: number, minimum = 1): z.ZodMiniOptional<z.ZodMiniCustom<number>> {
  return is(
    (value) => Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum,
    `an integer from ${minimum} to ${maximum}`,
  )
}

function oneOf<Word extends string>(
  ...words: readonly Word[]
): z.ZodMiniOptional<z.ZodMiniCustom<Word>> {
  return is((value) => words.some((word) => word === value), words.join(' or '))
}

/** An object whose keys are names of one kind and whose values hold. */
function table<Value>(
  name: z.ZodMiniString,
  holds: (value: unknown) => boolean,
  expected: string,
): z.ZodMiniOptional<z.ZodMiniCustom<Readonly<Record<string, Value>>>> {
  return is(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value).every(([key, each]) => name.safeParse(key).success && holds(each)),
    expected,
  )
}

const masks: readonly unknown[] = ['null', 'redacted', 'last-4'] satisfies readonly Mask[]

const policyInput = z.strictObject({
  name: z.optional(z.string().check(z.minLength(1))),
  tables: z.optional(
    z.strictObject({
      allow: is<'all' | readonly string[]>(
        (value) => value === 'all' || z.array(tableName).safeParse(value).success,
        'all, or a list of names of tables',
      ),
      block: names(tableName),
    }),
  ),
  columns: z.optional(
    z.strictObject({
      block: names(columnName),
      mask: table<Mask>(columnName, (mask) => masks.includes(mask), 'a mask by table.column'),
    }),
  ),
  rows: z.optional(
    z.strictObject({
      filter: table<string>(
        oneTableName,
        (condition) => typeof condition === 'string' && condition.trim() !== '',
        'a condition by table',
      ),
    }),
  ),
  statements: z.optional(z.strictObject({ explain: oneOf('never', 'plan') })),
  functions: z.optional(z.strictObject({ allow: names(functionName), block: names(functionName) })),
  limits: z.optional(
    z.strictObject({
      maxRows: count(1_000_000_000),
      maxTextBytes: count(16_777_216),
      maxDepth: count(1_000),
      maxJoins: count(1_000),
      maxGeneratedRows: count(1_000_000_000_000),
      generators: oneOf('constant', 'data'),
      maxBuiltBytes: count(1_000_000_000_000),
      maxCrossJoins: count(1_000, 0),
      recursion: oneOf('refused', 'bounded', 'allowed'),
    }),
  ),
})

/**
 * Fills in what a policy leaves out and checks the rest.
 *
 * Without any input the policy lets every table outside the system schemas be read, calls to the
 * dialect's safe functions, and 1000 rows.
 *
 * @throws {@link PolicyInvalidError} when a part is unknown, misspelled or out of range.
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
  const checked = policyInput.safeParse(input)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const path = issue?.path.join('.') ?? ''
    throw new PolicyInvalidError(
      `The policy is not valid${path === '' ? '' : ` at ${path}`}: ${issue?.message ?? 'unknown reason'}.`,
    )
  }
  const { name = 'default', tables, columns, functions, limits, rows, statements } = checked.data
  return {
    name,
    tables: { allow: tables?.allow ?? 'all', block: tables?.block ?? [] },
    columns: { block: columns?.block ?? [], mask: columns?.mask ?? {} },
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
