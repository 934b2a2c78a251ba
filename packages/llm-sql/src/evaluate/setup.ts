import { createSqlGuard, definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { createSqlAssistant } from '../assistant/create-sql-assistant.ts'
import type { QueryRunner, SourcedMetadata, SqlAssistant } from '../assistant/assistant.ts'
import type { SqlGenerator } from '../generator/generator.ts'
import type { EvaluationDatabase } from './database.ts'
import type { EvaluationQuestion } from './questions.ts'
import type { EvaluationSubject } from './subject.ts'

/** Everything that an evaluation needs; what a configuration in code exports. */
export interface EvaluationSetup {
  readonly questions: readonly EvaluationQuestion[]
  readonly subject: EvaluationSubject
  /** Runs the accepted queries of a database; it must give all rows. */
  readonly runnerFor: (db: string) => QueryRunner | Promise<QueryRunner>
  /** What was evaluated, in a line. Results are only resumed under the same name. */
  readonly name: string
  close?(): void | Promise<void>
}

/** How assistants are made for databases. */
export interface AssistantParts {
  readonly generator: SqlGenerator
  readonly databaseFor: (db: string) => Promise<EvaluationDatabase>
  readonly metadataFor: (db: string) => Promise<readonly SourcedMetadata[]>
  readonly policy: PolicyInput
  readonly maxAttempts: number | undefined
  readonly today: Date | undefined
}

/** Makes an assistant for each database, once. */
export function assistants(parts: AssistantParts): (db: string) => Promise<SqlAssistant> {
  const { generator, databaseFor, metadataFor, maxAttempts, today } = parts
  const policy = definePolicy(parts.policy)
  const made = new Map<string, Promise<SqlAssistant>>()
  const make = async (db: string): Promise<SqlAssistant> => {
    const { catalog, dialect, run } = await databaseFor(db)
    const metadata = await metadataFor(db)
    const catalogSource = { name: db, priority: 500 }
    return createSqlAssistant({
      context: async () => ({
        catalog,
        catalogSource,
        metadata,
        sources: [...metadata.map(({ source }) => source), catalogSource],
        missing: [],
      }),
      guard: (known) => createSqlGuard({ dialect, policy, catalog: known }),
      run,
      generator,
      verifyWith: dialect,
      maxAttempts,
      ...(today === undefined ? {} : { today: () => today }),
    })
  }
  return (db) => {
    const known = made.get(db) ?? make(db)
    made.set(db, known)
    return known
  }
}
