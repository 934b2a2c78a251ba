import type { Catalog } from '../catalog/catalog.ts'
import type { Dialect } from '../dialect/dialect.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { Verdict } from '../guard/verdict.ts'
import type { PolicyInput } from '../policy/define-policy.ts'
import { needsOf } from './needs.ts'
import { columnsOfViews } from './views.ts'

/** A verdict on something that was asked, and what the caller calls it. */
export interface ObservedVerdict {
  /** The verdict of a guard with a catalog, whose policy is wider than the proposal shall be. */
  readonly verdict: Verdict
  /**
   * A number, a hash or a question, by which the proposal refers to it. It is the caller's to keep
   * values out of it.
   */
  readonly label: string
}

/** Options for {@link proposePolicy}. */
export interface ProposePolicyOptions {
  /** What the database contains; with it, columns that nobody reads are blocked. */
  readonly catalog: Catalog
  /** Whose safe functions need not be listed. */
  readonly dialect: Dialect
  /** @defaultValue `'from traffic'` */
  readonly name?: string | undefined
  /**
   * How many labels must need a table, a column or a function before it is let in, an integer from
   * 1 up.
   * @defaultValue 1
   */
  readonly minUses?: number | undefined
}

/** A policy that was made out of what was asked. */
export interface ProposedPolicy {
  /** For `definePolicy`, or to be written to a file. */
  readonly policy: PolicyInput
  /** Why each part is in the policy or left out, those that refuse most first. */
  readonly rules: readonly ProposedRule[]
  /** Labels of what was refused already, which the proposal does not change. */
  readonly refused: readonly string[]
}

/** One decision of a proposal. */
export interface ProposedRule {
  readonly part: 'tables' | 'columns' | 'functions'
  /** `schema.table`, `schema.table.column`, or a function as `name/2`. */
  readonly subject: string
  readonly decision: 'let in' | 'left out'
  /** How many labels need it. */
  readonly uses: number
  /** Labels that the rule refuses. */
  readonly refuses: readonly string[]
}

/**
 * Proposes the smallest policy that lets observed texts through: the tables that they name, without
 * the columns that none of them reads, and the functions that they call beyond the safe ones.
 *
 * It says of each rule which texts it would refuse, and knows of them only what the verdicts say:
 * names, never values. It proposes no limits, masks or row filters: whether an answer was needed is
 * more than its reads tell. Read the proposal as a draft.
 *
 * @throws {@link OptionInvalidError} when `minUses` cannot work, or the catalog is of another dialect.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy, type Catalog } from '@t2t/sql-guard'
 * import { postgres } from '@t2t/sql-guard/postgres'
 * import { proposePolicy } from '@t2t/sql-guard/traffic'
 *
 * export async function propose(catalog: Catalog, log: ReadonlyMap<string, string>) {
 *   const dialect = postgres()
 *   const guard = await createSqlGuard({ dialect, policy: definePolicy(), catalog })
 *   const observed = [...log].map(([label, sql]) => ({ label, verdict: guard.check(sql) }))
 *   return await proposePolicy(observed, { catalog, dialect, minUses: 2 })
 * }
 * ```
 */
export async function proposePolicy(
  observed: Iterable<ObservedVerdict>,
  options: ProposePolicyOptions,
): Promise<ProposedPolicy> {
  const { catalog, dialect, name = 'from traffic', minUses = 1 } = options
  if (!Number.isInteger(minUses) || minUses < 1) {
    throw new OptionInvalidError(`minUses must be an integer from 1 up, got ${minUses}.`)
  }
  if (catalog.dialect !== dialect.name) {
    throw new OptionInvalidError(
      `The catalog describes ${catalog.dialect}, but the dialect is ${dialect.name}.`,
    )
  }
  const refused = new Set<string>()
  const behind = new Set<string>()
  const uses = { tables: new Uses(), columns: new Uses(), functions: new Uses() }
  for (const { verdict, label } of observed) {
    if (verdict.kind === 'refused') {
      refused.add(label)
      continue
    }
    const needs = needsOf(verdict, dialect)
    for (const table of needs.behind) behind.add(table)
    for (const part of parts) for (const subject of needs[part]) uses[part].add(subject, label)
  }

  const isLetIn = (part: Part, subject: string): boolean =>
    uses[part].of(subject).size >= minUses && canBeWritten(part, subject)
  const rule = (part: Part, subject: string): ProposedRule => {
    const labels = uses[part].of(subject)
    const letIn = isLetIn(part, subject)
    return {
      part,
      subject,
      decision: letIn ? 'let in' : 'left out',
      uses: labels.size,
      refuses: letIn ? [] : [...labels],
    }
  }
  const tables = uses.tables.subjects.map((subject) => rule('tables', subject))
  const functions = uses.functions.subjects.map((subject) => rule('functions', subject))
  // Columns of tables that are left out need no rule; those behind a view do.
  const drafted = catalog.tables
    .map((table) => ({ table, full: `${table.schema}.${table.name}` }))
    .filter(({ full }) => behind.has(full) || isLetIn('tables', full))
    .flatMap(({ table, full }) => table.columns.map((column) => `${full}.${column.name}`))
    .filter((subject) => canBeWritten('columns', subject))
    .map((subject) => rule('columns', subject))
  const draft: PolicyInput = {
    name,
    tables: { allow: subjectsOf(tables, 'let in') },
    columns: { block: subjectsOf(drafted, 'left out') },
    functions: { allow: subjectsOf(functions, 'let in') },
  }
  const kept = new Set(await columnsOfViews(draft, { catalog, dialect }))
  const columns = drafted.filter(({ subject }) => !kept.has(subject))
  return {
    policy: { ...draft, columns: { block: subjectsOf(columns, 'left out') } },
    rules: [...tables, ...columns, ...functions].toSorted(
      (left, right) => right.refuses.length - left.refuses.length,
    ),
    refused: [...refused],
  }
}

function subjectsOf(
  rules: readonly ProposedRule[],
  decision: ProposedRule['decision'],
): readonly string[] {
  return rules.filter((each) => each.decision === decision).map((each) => each.subject)
}

const parts = ['tables', 'columns', 'functions'] as const
type Part = (typeof parts)[number]

/** Whether a policy can name it: a dot in a name cannot be told from one between names. */
function canBeWritten(part: Part, subject: string): boolean {
  const dots = subject.split('.').length - 1
  if (part === 'functions') return dots <= 1
  return dots === (part === 'tables' ? 1 : 2) && !subject.includes('*')
}

/** Which labels need what. */
class Uses {
  readonly #labels = new Map<string, Set<string>>()

  add(subject: string, label: string): void {
    const labels = this.#labels.get(subject)
    if (labels === undefined) this.#labels.set(subject, new Set([label]))
    else labels.add(label)
  }

  of(subject: string): ReadonlySet<string> {
    return this.#labels.get(subject) ?? new Set()
  }

  get subjects(): readonly string[] {
    return [...this.#labels.keys()].toSorted()
  }
}
