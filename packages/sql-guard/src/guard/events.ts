import type { DialectName } from '../catalog/catalog.ts'
import type { FindingCode } from './verdict.ts'

/** What a guard tells its listener. Events never contain the SQL text. */
export type GuardEvent =
  | {
      readonly type: 'query-allowed'
      readonly dialect: DialectName
      readonly policy: string
      readonly durationMs: number
      readonly tables: number
    }
  | {
      readonly type: 'query-refused'
      readonly dialect: DialectName
      readonly policy: string
      readonly durationMs: number
      readonly codes: readonly FindingCode[]
    }

/** Receives events. What it throws is ignored. */
export type GuardListener = (event: GuardEvent) => void
