import type { Finding } from '@t2t/sql-guard'
import { CatalogMissingError, isLlmSqlError } from '../errors/errors.ts'
import type { FailedDraft } from '../generator/generator.ts'
import { isMistake } from '../steps/guard.ts'
import type { Answer, AnswerBase, FailedAnswer } from './answer.ts'

/** The answer when nothing is known of the database. */
export function withoutCatalog(question: string, error: unknown): FailedAnswer {
  const missing = error instanceof CatalogMissingError ? error.missing : []
  const message = isLlmSqlError(error)
    ? error.message
    : 'What the database contains could not be read.'
  return {
    kind: 'failed',
    code: 'catalog-missing',
    message,
    question,
    entities: [],
    sources: [],
    missing,
  }
}

/** What remains to be said when no draft could be run. */
export function stopped(
  base: AnswerBase,
  previous: FailedDraft | undefined,
  drafts: number,
  isStatement: boolean,
): Answer {
  const findings: readonly Finding[] = previous?.findings ?? []
  if (previous !== undefined && findings.length > 0 && (isStatement || !isMistake(findings))) {
    return { ...base, kind: 'refused', sql: previous.sql, findings }
  }
  if (findings.length > 0) {
    const count = drafts === 1 ? 'One draft was made' : `${drafts} drafts were made`
    return {
      ...base,
      kind: 'failed',
      code: 'attempts-exhausted',
      message: `${count}, and none of them fits the database.`,
    }
  }
  return {
    ...base,
    kind: 'failed',
    code: 'database-failed',
    message: previous?.message ?? 'The database could not be read.',
  }
}
