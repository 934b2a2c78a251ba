import type { DialectName, FindingCode, Policy, SqlGuard, SqlGuardOptions } from '@t2t/sql-guard'
import { shadowGuard, type ShadowDifference, type ShadowVerdict } from '@t2t/sql-guard/shadow'

/** A policy that is tried out beside the one in force. */
export interface TrialOptions {
  /** What would be in force. It decides about every text, and nobody acts on it. */
  readonly policy: Policy
  /**
   * Values that its row filters name.
   * @defaultValue those of the database
   */
  readonly attributes?: SqlGuardOptions['attributes'] | undefined
  /** Hears of every text about which the two policies differ. */
  readonly onEvent: TrialListener
}

/** Two policies differ about a text that was asked. It never contains SQL, rows or messages. */
export interface TrialDifferedEvent {
  readonly type: 'trial-differed'
  readonly database: string
  readonly dialect: DialectName
  /** The name of the policy in force. */
  readonly policy: string
  /** The name of the policy on trial. */
  readonly trial: string
  /**
   * What the policy on trial would do otherwise: refuse the text, let it through, or send another
   * one, such as one with a mask.
   */
  readonly difference: ShadowDifference['kind']
  /** Why the one refuses what the other lets through, the first reason first; empty for `would-change`. */
  readonly codes: readonly FindingCode[]
  /** The tables, columns and functions that the refusal is about, each once. Callers need not know them. */
  readonly subjects: readonly string[]
}

/** Receives events. What it throws is ignored. */
export type TrialListener = (event: TrialDifferedEvent) => void

/** Decides with the guard in force, and tells where the one on trial differs. */
export function checkBeside(
  enforced: SqlGuard,
  trial: SqlGuard,
  { onEvent, database }: Pick<TrialOptions, 'onEvent'> & { readonly database: string },
): SqlGuard['check'] {
  const { dialect } = enforced
  const both = shadowGuard({
    enforced,
    trial,
    onDifference: ({ kind, enforced: decided, shadow }) => {
      const refusal = [decided, shadow].find((verdict) => verdict.kind === 'refused')
      const findings = refusal?.kind === 'refused' ? refusal.findings : []
      onEvent({
        type: 'trial-differed',
        database,
        dialect,
        policy: enforced.policy.name,
        trial: trial.policy.name,
        difference: kind,
        codes: [...new Set(findings.map(({ code }) => code))],
        subjects: [...new Set(findings.flatMap(({ subject }) => subject ?? []))],
      })
    },
  })
  return (sql) => withoutShadow(both.check(sql))
}

/** Callers see what was decided, and nothing of what is tried out. */
function withoutShadow({
  shadow: _shadow,
  ...verdict
}: ShadowVerdict): ReturnType<SqlGuard['check']> {
  return verdict
}
