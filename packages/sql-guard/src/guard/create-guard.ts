import type { Catalog } from '../catalog/catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { Refusal } from '../dialect/refusal.ts'
import type { Query, Statement } from '../dialect/tree.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { gate } from '../gate/gate.ts'
import { compileAccess } from '../policy/access.ts'
import { definePolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { type Ground, resolve, type Resolution } from '../resolve/resolve.ts'
import { Tables } from '../resolve/tables.ts'
import { boundRows } from '../rewrite/row-limit.ts'
import { type Edit, splice } from '../rewrite/splice.ts'
import type { GuardListener } from './events.ts'
import type { SqlGuard } from './guard.ts'
import { reporting } from './reporting.ts'
import type { AllowedVerdict, Finding, Verdict } from './verdict.ts'

/** Options for {@link createSqlGuard}. */
export interface SqlGuardOptions {
  /** From `@t2t/sql-guard/postgres`, `@t2t/sql-guard/sqlite`, or one of your own. */
  readonly dialect: Dialect
  /** @defaultValue `definePolicy()` */
  readonly policy?: Policy | undefined
  /**
   * What the database contains. Without it the guard cannot tell a table from a view and a column
   * from a typing error, and refuses what the policy would need to know.
   * @defaultValue none
   */
  readonly catalog?: Catalog | undefined
  /** Told about every decision. */
  readonly onEvent?: GuardListener | undefined
  /**
   * A clock in milliseconds that never runs backwards.
   * @defaultValue `performance.now`
   */
  readonly now?: (() => number) | undefined
}

/**
 * Creates a guard, which decides whether SQL texts may run.
 *
 * Loads the dialect's parser first; afterwards `check` is synchronous.
 *
 * @throws {@link OptionInvalidError} when the catalog describes another dialect.
 * @throws {@link DialectUnavailableError} when the parser's package is not installed.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { postgres } from '@t2t/sql-guard/postgres'
 *
 * const policy = definePolicy({ tables: { allow: ['orders'] } })
 * const guard = await createSqlGuard({ dialect: postgres(), policy })
 * const verdict = guard.check('SELECT count(*) FROM orders')
 * if (verdict.kind === 'allowed') console.log(verdict.sql)
 * ```
 */
export async function createSqlGuard(options: SqlGuardOptions): Promise<SqlGuard> {
  const {
    dialect,
    policy = definePolicy(),
    catalog,
    onEvent,
    now = () => performance.now(),
  } = options
  if (catalog !== undefined && catalog.dialect !== dialect.name) {
    throw new OptionInvalidError(
      `The catalog describes ${catalog.dialect}, but the dialect is ${dialect.name}.`,
    )
  }
  await dialect.load()

  const searchPath = catalog?.searchPath ?? dialect.traits.searchPath
  const ground: Ground = {
    dialect,
    access: compileAccess(policy, dialect.traits, searchPath),
    tables: catalog === undefined ? undefined : new Tables(catalog, dialect),
    searchPath,
  }
  const decide = (sql: string): Verdict => {
    try {
      return check(sql, ground, policy)
    } catch (error) {
      if (error instanceof Refusal) return refused(error.finding)
      return refused({
        code: 'construct-unknown',
        message: 'The guard could not come to a decision about this text.',
      })
    }
  }
  return {
    dialect: dialect.name,
    policy,
    catalog,
    check: onEvent === undefined ? decide : reporting(decide, dialect.name, policy, onEvent, now),
  }
}

function check(sql: string, ground: Ground, policy: Policy): Verdict {
  const passed = gate(sql, ground.dialect.traits.lexis, policy.limits)
  if (passed.finding !== undefined) return refused(passed.finding)

  const query = readQuery(sql, ground, policy)
  if ('code' in query) return refused(query)
  const first = resolve(query, ground)
  if (first.reads.findings.length > 0) {
    return { kind: 'refused', findings: first.reads.findings }
  }
  return rewrite(sql, query, first, passed.codeEnd, ground, policy)
}

/** The only query of a text, or why there is none. */
function readQuery(sql: string, { dialect }: Ground, { limits }: Policy): Query | Finding {
  const parsed = dialect.parse(sql, limits)
  if (parsed.kind === 'failed') return parsed.finding
  const [statement, second] = parsed.statements
  if (statement === undefined || second !== undefined) {
    return {
      code: 'statement-count',
      message: `The text holds ${parsed.statements.length} statements; exactly one is allowed.`,
      ...(second === undefined ? {} : { span: second.span }),
    }
  }
  return statement.kind === 'query' ? statement.query : refusedKind(statement)
}

function refusedKind(statement: Statement): Finding {
  const name = statement.kind === 'other' ? statement.name : 'EXPLAIN'
  return {
    code: 'statement-kind-refused',
    message: `${name} is not allowed; only SELECT is.`,
    span: statement.span,
    subject: name,
  }
}

/** Applies the changes to the text, and proves on the new text that nothing else has changed. */
function rewrite(
  sql: string,
  query: Query,
  first: Resolution,
  codeEnd: number,
  ground: Ground,
  policy: Policy,
): Verdict {
  const { maxRows } = policy.limits
  const strings = first.reads.strings.map(({ span, text }): Edit => ({
    span,
    text: `'${text.replaceAll("'", "''")}'`,
  }))
  const limit = boundRows(sql, query, codeEnd, maxRows, ground.dialect.traits.limitsValues)
  const reads = first.reads.list()
  const allowed: AllowedVerdict = {
    kind: 'allowed',
    sql,
    reads,
    ...outputOf(first),
    maxRows: limit.maxRows,
    rowLimit: limit.by,
  }

  const attempts = limit.edit === undefined ? [strings] : [[...strings, limit.edit], strings]
  for (const edits of attempts) {
    const text = edits.length === 0 ? sql : splice(sql, edits)
    const isBound = limit.edit === undefined || edits.length > strings.length
    const bound = isBound ? {} : ({ maxRows, rowLimit: 'reader' } as const)
    if (edits.length === 0 || isSame(text, reads, ground, policy)) {
      return { ...allowed, ...bound, sql: text }
    }
  }
  return refused({
    code: 'construct-unknown',
    message: 'The guard could not rewrite the text without changing its meaning.',
  })
}

function isSame(
  text: string,
  reads: AllowedVerdict['reads'],
  ground: Ground,
  policy: Policy,
): boolean {
  const query = readQuery(text, ground, policy)
  if ('code' in query) return false
  const again = resolve(query, ground)
  return (
    again.reads.findings.length === 0 &&
    again.reads.strings.length === 0 &&
    JSON.stringify(again.reads.list()) === JSON.stringify(reads)
  )
}

function outputOf({ outcome }: Resolution): Pick<AllowedVerdict, 'output'> {
  const names = outcome.columns.map(({ name }) => name).filter((name) => name !== undefined)
  const isKnown = outcome.rest === undefined && names.length === outcome.columns.length
  return isKnown ? { output: names } : {}
}

function refused(finding: Finding): Verdict {
  return { kind: 'refused', findings: [finding] }
}
