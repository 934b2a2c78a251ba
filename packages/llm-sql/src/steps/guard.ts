import type { Catalog, Finding, SqlGuard, Verdict } from '@t2t/sql-guard'

/** A guard, or how one is made for a catalog. */
export type GuardSource = SqlGuard | ((catalog: Catalog) => SqlGuard | Promise<SqlGuard>)

/** Gives the guard for a catalog; one is remembered until the catalog changes. */
export function createGuardCache(source: GuardSource): (catalog: Catalog) => Promise<SqlGuard> {
  let last: { readonly catalog: Catalog; readonly guard: SqlGuard } | undefined
  return async (catalog) => {
    if (typeof source !== 'function') return source
    const isKnown =
      last !== undefined &&
      (last.catalog === catalog ||
        (last.catalog.version === catalog.version && last.catalog.dialect === catalog.dialect))
    if (isKnown && last !== undefined) return last.guard
    const guard = await source(catalog)
    last = { catalog, guard }
    return guard
  }
}

/**
 * Makes a guard that decides about each text once and remembers the verdict: what a guard tells
 * its listener counts texts, not the steps that ask about them. Make one for each question.
 */
export function rememberingGuard(guard: SqlGuard): SqlGuard {
  const verdicts = new Map<string, Verdict>()
  return {
    ...guard,
    check: (sql) => {
      const verdict = verdicts.get(sql) ?? guard.check(sql)
      verdicts.set(sql, verdict)
      return verdict
    },
  }
}

/** Findings that another draft may avoid; the others are what the policy forbids. */
const avoidable: ReadonlySet<Finding['code']> = new Set([
  'syntax-invalid',
  'text-unbalanced',
  'statement-count',
  'construct-unknown',
  'construct-refused',
  'table-unknown',
  'column-unknown',
  'column-ambiguous',
  'column-untraceable',
  'function-refused',
])

/** Findings which say that a draft is wrong, and not that it is forbidden. */
const mistakes: ReadonlySet<Finding['code']> = new Set([
  'syntax-invalid',
  'text-unbalanced',
  'table-unknown',
  'column-unknown',
  'column-ambiguous',
])

/** Whether another draft may do without what was refused. */
export function isAvoidable(findings: readonly Finding[]): boolean {
  return findings.every(({ code }) => avoidable.has(code))
}

/** Whether a refusal speaks of mistakes alone. */
export function isMistake(findings: readonly Finding[]): boolean {
  return findings.every(({ code }) => mistakes.has(code))
}
