import { OptionInvalidError } from '../errors/errors.ts'
import type { SqlGuard } from '../guard/guard.ts'
import type { AllowedVerdict, Verdict } from '../guard/verdict.ts'

/** Options for {@link shadowGuard}. */
export interface ShadowGuardOptions {
  /** The guard that is tried out: it decides about every text, and stops none. */
  readonly trial: SqlGuard
  /**
   * The guard that stays in force. `'nothing'` lets every text through as it came, writes included:
   * then the session and the role of the database are all that protects it.
   */
  readonly enforced: SqlGuard | 'nothing'
  /** Told about every text on which the two differ. What it throws is ignored. */
  readonly onDifference?: ((difference: ShadowDifference) => void) | undefined
}

/** What was decided, and what the guard on trial would have decided. */
export type ShadowVerdict = Verdict & {
  /** The verdict of the guard on trial; nobody acts on it. */
  readonly shadow: Verdict
}

/** A text on which two guards differ. */
export interface ShadowDifference {
  /**
   * `would-refuse` and `would-allow` say what the guard on trial would do otherwise; `would-change`
   * that it would send another text, such as one with a mask.
   */
  readonly kind: 'would-refuse' | 'would-allow' | 'would-change'
  readonly enforced: Verdict
  readonly shadow: Verdict
}

/** A guard that says of every text what another one would have said. */
export interface ShadowGuard extends SqlGuard {
  check(sql: string): ShadowVerdict
}

/**
 * Tries a policy out on real texts: one guard decides, the other one is only asked.
 *
 * Its decisions are those of `enforced`, to the letter. It is a function of its own, in an entry of
 * its own, and it has no default for `enforced`, so that nobody turns a guard off by accident.
 *
 * @throws {@link OptionInvalidError} when the guards are for different dialects.
 *
 * @example
 * ```ts
 * import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
 * import { postgres } from '@t2t/sql-guard/postgres'
 * import { shadowGuard } from '@t2t/sql-guard/shadow'
 *
 * const dialect = postgres()
 * const stricter = definePolicy({ tables: { allow: ['orders'] } })
 * const guard = shadowGuard({
 *   enforced: await createSqlGuard({ dialect, policy: definePolicy() }),
 *   trial: await createSqlGuard({ dialect, policy: stricter }),
 *   onDifference: ({ kind, shadow }) => console.log(kind, shadow),
 * })
 * ```
 */
export function shadowGuard(options: ShadowGuardOptions): ShadowGuard {
  const { trial, enforced, onDifference } = options
  if (enforced !== 'nothing' && enforced.dialect !== trial.dialect) {
    throw new OptionInvalidError(
      `The guard in force reads ${enforced.dialect}, but the one on trial ${trial.dialect}.`,
    )
  }
  const { dialect, policy, catalog } = enforced === 'nothing' ? trial : enforced
  return {
    dialect,
    policy,
    catalog,
    visibleCatalog: () => (enforced === 'nothing' ? trial.catalog : enforced.visibleCatalog()),
    check(sql) {
      const shadow = trial.check(sql)
      const verdict = enforced === 'nothing' ? letThrough(sql, shadow) : enforced.check(sql)
      const kind = differenceOf(verdict, shadow)
      if (kind !== undefined) {
        try {
          onDifference?.({ kind, enforced: verdict, shadow })
        } catch {
          // A listener must not change what was decided.
        }
      }
      return { ...verdict, shadow }
    },
  }
}

/** The text as it came; nobody knows what it reads but the guard on trial, where it allows it. */
function letThrough(sql: string, shadow: Verdict): AllowedVerdict {
  return {
    kind: 'allowed',
    sql,
    reads: shadow.kind === 'allowed' ? shadow.reads : [],
    maxRows: Number.MAX_SAFE_INTEGER,
    rowLimit: 'reader',
  }
}

function differenceOf(enforced: Verdict, shadow: Verdict): ShadowDifference['kind'] | undefined {
  if (enforced.kind === 'refused') {
    return shadow.kind === 'allowed' ? 'would-allow' : undefined
  }
  if (shadow.kind === 'refused') return 'would-refuse'
  return shadow.sql === enforced.sql ? undefined : 'would-change'
}
