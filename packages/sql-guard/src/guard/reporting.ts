import type { DialectName } from '../catalog/catalog.ts'
import type { Policy } from '../policy/policy.ts'
import type { GuardEvent, GuardListener } from './events.ts'
import type { Verdict } from './verdict.ts'

/** Tells a listener about every decision; what the listener throws changes nothing. */
export function reporting(
  decide: (sql: string) => Verdict,
  dialect: DialectName,
  policy: Policy,
  onEvent: GuardListener,
  now: () => number,
): (sql: string) => Verdict {
  return (sql) => {
    const start = now()
    const verdict = decide(sql)
    const about = { dialect, policy: policy.name, durationMs: now() - start }
    const event: GuardEvent =
      verdict.kind === 'allowed'
        ? { type: 'query-allowed', ...about, tables: verdict.reads.length }
        : { type: 'query-refused', ...about, codes: verdict.findings.map(({ code }) => code) }
    try {
      onEvent(event)
    } catch {
      // A listener must not change what was decided.
    }
    return verdict
  }
}
