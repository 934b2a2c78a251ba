import { OptionInvalidError } from '../errors/errors.ts'

/** The two ways in which a policy calls an operation more than once. */
export type Repeats = 'retry' | 'hedge'

const known = new WeakMap<object, Repeats>()

/** Notes that a policy repeats calls, so that `pipe` can tell. */
export function markRepeats<Marked extends object>(policy: Marked, how: Repeats): Marked {
  known.set(policy, how)
  return policy
}

/** Gives a composed policy the mark of its parts, and refuses parts that must not be together. */
export function combineRepeats(composed: object, parts: readonly object[]): void {
  const found = new Set(parts.map((part) => known.get(part)).filter((how) => how !== undefined))
  if (found.size > 1) {
    throw new OptionInvalidError('A retry and a hedge must not be composed, choose one of them.')
  }
  for (const how of found) known.set(composed, how)
}
