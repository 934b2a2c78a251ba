import type { Dialect } from '../dialect/dialect.ts'
import type { AllowedVerdict } from '../guard/verdict.ts'

/** What a policy must let in, so that a statement is allowed. */
export interface Needs {
  /** `schema.table` of what the text names; what is behind a view need not be allowed. */
  readonly tables: readonly string[]
  /** `schema.table` of what is only read behind those. */
  readonly behind: readonly string[]
  /** `schema.table.column` of everything that is read, behind views as well. */
  readonly columns: readonly string[]
  /** `name/2` of functions that are not among the safe ones. */
  readonly functions: readonly string[]
}

/** Reads out of a verdict what its statement needs. */
export function needsOf({ reads, functions = [] }: AllowedVerdict, dialect: Dialect): Needs {
  const { safeFunctions } = dialect.traits
  const [named, behind] = [true, false].map((isNamed) =>
    reads
      .filter(({ isBehind }) => (isBehind === undefined) === isNamed)
      .map(({ schema, table }) => `${schema}.${table}`),
  )
  return {
    tables: named ?? [],
    behind: behind ?? [],
    columns: reads.flatMap(({ schema, table, columns }) =>
      columns.map(({ column }) => `${schema}.${table}.${column}`),
    ),
    functions: functions
      .filter(
        ({ schema, name }) =>
          !(safeFunctions.has(name) && (schema === undefined || schema === 'pg_catalog')),
      )
      .map(({ schema, name, arity }) => {
        const full = schema === undefined ? name : `${schema}.${name}`
        return `${full}/${arity}`
      }),
  }
}
