import { catalogCases } from './contract/catalog.ts'
import { endingCases } from './contract/ending.ts'
import { readingCases } from './contract/reading.ts'
import { sessionCases } from './contract/session.ts'
import type { EngineContractCase } from './contract/subject.ts'

/**
 * What every {@link Engine} must hold.
 *
 * @example
 * ```ts
 * import { engineContract, type EngineSubject } from '@t2t/database/testing'
 *
 * export async function examine(subject: EngineSubject): Promise<void> {
 *   for (const { check } of engineContract) await check(subject)
 * }
 * ```
 */
export const engineContract: readonly EngineContractCase[] = [
  ...readingCases,
  ...endingCases,
  ...sessionCases,
  ...catalogCases,
]
