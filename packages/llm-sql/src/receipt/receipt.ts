import type { AllowedVerdict, Catalog, Policy, TableRead } from '@t2t/sql-guard'
import type { QueryRun, SourcedMetadata } from '../assistant/assistant.ts'
import { promptVersion } from '../generator/prompt.ts'
import { catalogHash, hashOf, metadataHash, rowsHash } from './hash.ts'

/**
 * What an answer was made of, so that it can be made again and compared.
 *
 * Plain JSON. Hashes are SHA-256; of catalog and metadata they hold what the caller may see. No row
 * is in it.
 */
export interface Receipt {
  readonly question: string
  /** The day that "today" meant, `YYYY-MM-DD`. */
  readonly today: string
  /** Name of the generator; for a model it is that of the model. */
  readonly generator: string
  /** Version of the prompt's wording. */
  readonly promptVersion: string
  readonly policyHash: string
  readonly catalogHash: string
  readonly metadataHash: string
  /** The statement as it was drafted. */
  readonly draft: string
  /** Everything that the statement reads. */
  readonly reads: readonly TableRead[]
  /** The statement as it ran. */
  readonly sql: string
  /** Of the rows as a bag, in no order. */
  readonly rowsHash: string
}

/** What the receipts of one question have in common. */
export interface Ground {
  readonly question: string
  readonly today: string
  readonly generator: string
  readonly policy: Policy
  readonly catalog: Catalog
  readonly metadata: readonly SourcedMetadata[]
}

/** Writes the receipt of an answer. */
export function receiptOf(
  { question, today, generator, policy, catalog, metadata }: Ground,
  draft: string,
  { sql, reads }: Pick<AllowedVerdict, 'sql' | 'reads'>,
  run: Extract<QueryRun, { kind: 'rows' }>,
): Receipt {
  return {
    question,
    today,
    generator,
    promptVersion,
    policyHash: hashOf(policy),
    catalogHash: catalogHash(catalog),
    metadataHash: metadataHash(metadata),
    draft,
    reads,
    sql,
    rowsHash: rowsHash(run),
  }
}
