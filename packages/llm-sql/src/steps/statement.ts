import type { Catalog, SqlGuard, Verdict } from '@t2t/sql-guard'
import { repair, type Repaired } from './repair.ts'

const opening =
  /^\s*(?:select|with|insert|update|delete|merge|replace|drop|create|alter|truncate|grant|revoke|explain|pragma|attach|copy|vacuum|call|do|set|values|table|begin|commit|rollback)\b/i

/** Codes which say that a text is not SQL at all, rather than SQL that must not run. */
const notSql: ReadonlySet<string> = new Set(['syntax-invalid', 'text-unbalanced'])

/**
 * Decides about a question that is itself an SQL statement.
 *
 * @returns `undefined` for a question in plain language, also one that begins with a word of SQL.
 */
export function checkStatement(question: string, guard: SqlGuard): Verdict | undefined {
  if (!opening.test(question)) return undefined
  const verdict = guard.check(question)
  const isSql = verdict.kind === 'allowed' || verdict.findings.some(({ code }) => !notSql.has(code))
  return isSql ? verdict : undefined
}

/**
 * Mends a question that would be a query but for a typing error in a word of SQL: `FORM` for `FROM`.
 * Only where that is certain, and the guard then allows it; plain language is left alone.
 */
export function mendStatement(
  question: string,
  guard: SqlGuard,
  catalog: Catalog,
): Repaired | undefined {
  if (!/^\s*(?:select|with)\b/i.test(question)) return undefined
  const refusalOf = (sql: string) => {
    const verdict = guard.check(sql)
    return verdict.kind === 'refused' ? verdict : undefined
  }
  const failure = refusalOf(question)
  if (failure === undefined || failure.findings.some(({ code }) => !notSql.has(code)))
    return undefined
  return repair(question, failure, { catalog, check: refusalOf, certainty: 'sure' })
}
