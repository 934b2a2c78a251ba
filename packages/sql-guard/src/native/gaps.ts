import type { Policy } from '../policy/policy.ts'
import { needsViews } from './mysql-account.ts'
import type { ReadablePart } from './readable.ts'

/** What of a policy an engine does not hold by itself. */
export interface NativeGap {
  /** The part of the policy, such as `columns.mask`. */
  readonly part: string
  /** What the engine does instead. */
  readonly message: string
}

/** Says where the engine alone is freer or stricter than the guard. */
export function gapsOf(
  part: ReadablePart,
  maxQueriesPerHour: number | undefined,
): readonly NativeGap[] {
  const { dialect, tables } = part
  const policies = allOf(part.policy)
  const isMysql = dialect === 'mysql'
  const limited = tables.filter((table) => table.limited.length > 0)
  const hasViews = isMysql && needsViews(part)
  return [
    ...say(
      limited.length > 0 && !isMysql,
      'columns.mask',
      'Masked columns are not granted; the engine refuses what the guard would mask.',
    ),
    ...say(
      has(policies, 'minGroupSize'),
      'columns.minGroupSize',
      'Columns with a least size of groups are not granted; the engine refuses what the guard would let be counted.',
    ),
    ...say(
      hasViews,
      'tables',
      'The account reads views of the same names in a database of its own; a guard of that connection must allow them by name, and no text may name an index.',
    ),
    ...say(
      isMysql && !hasViews && tables.some(({ isPartial }) => isPartial),
      'columns.block',
      'The engine lets NATURAL and USING compare columns that the account may not read; only the guard stops that.',
    ),
    ...say(
      dialect === 'clickhouse' && tables.some(({ condition }) => condition !== undefined),
      'rows.filter',
      'Where users_without_row_policies_can_read_rows is off, a table with a row policy shows no rows to roles without a permissive one; add it, such as USING 1 TO ALL, if nobody else filters the table.',
    ),
    ...tables.flatMap(({ schema, name, conditionReads }) =>
      say(
        conditionReads.length > 0 && dialect === 'postgres',
        `rows.filter.${schema}.${name}`,
        `The condition reads ${conditionReads.join(', ')} with the rights of the role, which needs a grant for it.`,
      ),
    ),
    ...tables
      .filter(({ columns }) => columns.length === 0)
      .map(({ schema, name }) => ({
        part: `tables.${schema}.${name}`,
        message:
          'No column may be used, so nothing is granted; the guard would let the rows be counted.',
      })),
    {
      part: 'functions',
      message: 'The engine lets the role call every function that everybody may call.',
    },
    {
      part: 'limits',
      message:
        dialect === 'clickhouse'
          ? 'The engine bounds rows only.'
          : 'The engine bounds neither rows nor cost; set a time limit for the role.',
    },
    ...say(dialect === 'postgres', 'tables', 'The system catalog stays readable for every role.'),
    ...say(
      dialect === 'postgres' && maxQueriesPerHour !== undefined,
      'maxQueriesPerHour',
      'PostgreSQL counts no statements.',
    ),
  ]
}

function say(holds: boolean, part: string, message: string): readonly NativeGap[] {
  return holds ? [{ part, message }] : []
}

function has(policies: readonly Policy[], rule: 'minGroupSize'): boolean {
  return policies.some(({ columns }) => Object.keys(columns[rule] ?? {}).length > 0)
}

function allOf(policy: Policy): readonly Policy[] {
  return [policy, ...(policy.also ?? []).flatMap(allOf)]
}
