import type { Catalog } from '../catalog/catalog.ts'
import { withInheritance } from '../catalog/inheritance.ts'
import { tracedCatalog } from '../catalog/visible-catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { Refusal } from '../dialect/refusal.ts'
import type { Query, Statement } from '../dialect/tree.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { gate } from '../gate/gate.ts'
import { compileAccess } from '../policy/access.ts'
import { definePolicy } from '../policy/define-policy.ts'
import type { Policy } from '../policy/policy.ts'
import { type Ground, readsUnchecked, resolve, viewReader } from '../resolve/resolve.ts'
import { Tables } from '../resolve/from/tables.ts'
import { rewrite } from '../rewrite/rewrite.ts'
import { appendedLimit } from '../rewrite/row-limit.ts'
import { splice } from '../rewrite/splice.ts'
import {
  type Attribute,
  prepareRowFilters,
  type RowFilters,
  rowsOf,
} from '../rewrite/row-filter.ts'
import { remembering } from './cache.ts'
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
  /**
   * Values that the row filters of the policy name, such as the tenant of the caller. Make one
   * guard for each set of attributes.
   * @defaultValue none
   */
  readonly attributes?: Readonly<Record<string, Attribute>> | undefined
  /**
   * Verdicts that are remembered, each by its text. An integer from 0 up.
   * @defaultValue 256
   */
  readonly maxCachedTexts?: number | undefined
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
 * @throws {@link OptionInvalidError} when the catalog describes another dialect, or when a row
 * filter has no catalog, is not a condition, or names an attribute that is missing.
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
    attributes = {},
    maxCachedTexts = 256,
    onEvent,
    now = () => performance.now(),
  } = options
  if (catalog === undefined && hasRowFilters(policy)) {
    throw new OptionInvalidError('Row filters need a catalog.')
  }
  if (catalog !== undefined && catalog.dialect !== dialect.name) {
    throw new OptionInvalidError(
      `The catalog describes ${catalog.dialect}, but the dialect is ${dialect.name}.`,
    )
  }
  await dialect.load()

  const searchPath = catalog?.searchPath ?? dialect.traits.searchPath
  const named = compileAccess(policy, dialect.traits, searchPath)
  const access = catalog === undefined ? named : withInheritance(named, catalog)
  const ground: Ground = {
    dialect,
    access,
    limits: policy.limits,
    tables: catalog === undefined ? undefined : new Tables(catalog, dialect),
    searchPath,
  }
  const filters = prepareRowFilters(catalog, dialect, access, attributes, (sql) =>
    readsUnchecked(sql, ground)?.list(),
  )
  const stand: Stand = { ground, policy, filters, filterNames: namesIn(filters, ground) }
  const decide = remembering((sql: string): Verdict => {
    try {
      return check(sql, stand)
    } catch (error) {
      if (error instanceof Refusal) return refused(error.finding)
      return refused({
        code: 'construct-unknown',
        message: 'The guard could not come to a decision about this text.',
      })
    }
  }, maxCachedTexts)
  return {
    dialect: dialect.name,
    policy,
    catalog,
    check: onEvent === undefined ? decide : reporting(decide, dialect.name, policy, onEvent, now),
    visibleCatalog: () => visibleTo(catalog, ground),
  }
}

function visibleTo(catalog: Catalog | undefined, ground: Ground): Catalog | undefined {
  const { access, tables } = ground
  if (catalog === undefined || tables === undefined) return undefined
  const readView = viewReader(ground)
  return tracedCatalog(catalog, access, ({ schema, name }) => tables.find(schema, name, readView))
}

function hasRowFilters({ rows, also = [] }: Policy): boolean {
  return Object.keys(rows?.filter ?? {}).length > 0 || also.some(hasRowFilters)
}

/** Names of the tables that the conditions of row filters name, as in a subquery. */
function namesIn(filters: RowFilters, ground: Ground): ReadonlySet<string> {
  const { traits } = ground.dialect
  return new Set(
    [...filters.values()].flatMap((filter) => {
      const [, ...named] = readsUnchecked(rowsOf(filter, traits), ground)?.references ?? []
      return named.map(({ table: { name } }) => traits.fold(name))
    }),
  )
}

interface Stand {
  readonly ground: Ground
  readonly policy: Policy
  readonly filters: RowFilters
  readonly filterNames: ReadonlySet<string>
}

function check(sql: string, stand: Stand): Verdict {
  const { ground, policy } = stand
  const passed = gate(sql, ground.dialect.traits.lexis, policy.limits)
  if (passed.finding !== undefined) return refused(passed.finding)

  const bounded = readBounded(sql, passed.codeEnd, stand)
  if (bounded !== undefined && 'code' in bounded) return refused(bounded)
  const text = bounded?.text ?? sql
  const query = bounded?.query ?? readQuery(sql, ground.dialect, policy)
  if ('code' in query) return refused(query)
  const first = resolve(query, ground)
  if (first.reads.findings.length > 0) {
    return { kind: 'refused', findings: first.reads.findings }
  }
  const allowed = rewrite({
    ...stand,
    sql: text,
    query,
    first,
    codeEnd: passed.codeEnd,
    maxRows: policy.limits.maxRows,
    isBounded: bounded !== undefined,
    again: (changed, ours) => {
      const parsed = readQuery(changed, ground.dialect, policy)
      return 'code' in parsed ? undefined : resolve(parsed, ground, ours)
    },
  })
  return allowed === undefined ? refused(unfaithful) : withPlan(allowed, stand)
}

/**
 * Reads a text with the row limit already appended, so that the text that runs is the one that is
 * parsed and resolved. Gives nothing where the limit does not become the limit of the whole query:
 * then the text as it came decides.
 */
function readBounded(
  sql: string,
  codeEnd: number,
  { ground, policy }: Stand,
): { readonly text: string; readonly query: Query } | Finding | undefined {
  if (/limit|fetch|explain/i.test(sql)) return undefined
  const edit = appendedLimit(codeEnd, sql.length, policy.limits.maxRows)
  const { text } = splice(sql, [edit])
  const query = readQuery(text, ground.dialect, policy)
  // Only a text that cannot be read may be one without the limit.
  if ('code' in query) return query.code === 'syntax-invalid' ? undefined : query
  if (query.limit?.kind !== 'literal') return undefined
  const isOurs =
    query.limit.span.end === text.length &&
    query.limit.integer === policy.limits.maxRows &&
    (query.body.kind !== 'values' || ground.dialect.traits.limitsValues)
  return isOurs ? { text, query } : undefined
}

function withPlan(allowed: AllowedVerdict, { ground, policy }: Stand): AllowedVerdict {
  const { explainPrefix } = ground.dialect.traits
  return policy.statements?.explain === 'plan' && !/^\s*explain\b/i.test(allowed.sql)
    ? { ...allowed, explain: `${explainPrefix}${allowed.sql}` }
    : allowed
}

/** The only query of a text, or why there is none. */
function readQuery(sql: string, dialect: Dialect, policy: Policy): Query | Finding {
  const parsed = dialect.parse(sql, policy.limits)
  if (parsed.kind === 'failed') return parsed.finding
  const [statement, second] = parsed.statements
  if (statement === undefined || second !== undefined) {
    return {
      code: 'statement-count',
      message:
        statement === undefined
          ? 'The text holds no statement.'
          : 'The text holds more than one statement; exactly one is allowed.',
      ...(second === undefined ? {} : { span: second.span }),
    }
  }
  if (statement.kind === 'query') return statement.query
  const isPlan =
    statement.kind === 'explain' && !statement.runs && policy.statements?.explain === 'plan'
  return isPlan && statement.statement.kind === 'query'
    ? statement.statement.query
    : refusedKind(statement)
}

function refusedKind(statement: Statement): Finding {
  const name =
    statement.kind === 'other' ? statement.name : statement.kind === 'query' ? 'SELECT' : 'EXPLAIN'
  return {
    code: 'statement-kind-refused',
    message: `${name} is not allowed; only SELECT is.`,
    span: statement.span,
    subject: name,
  }
}

const unfaithful: Finding = {
  code: 'construct-refused',
  message: 'The policy cannot be written into this form of the query; write it more plainly.',
}

function refused(finding: Finding): Verdict {
  return { kind: 'refused', findings: [finding] }
}
