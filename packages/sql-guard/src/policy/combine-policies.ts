import type { Limits, Policy } from './policy.ts'

/**
 * Makes one policy of several, of which the strictest wins everywhere: what one of them refuses is
 * refused, masks and row filters add up, and the smallest limits hold.
 *
 * @example
 * ```ts
 * import { combinePolicies, definePolicy } from '@t2t/sql-guard'
 *
 * const everyone = definePolicy({ name: 'everyone', columns: { block: ['customers.email'] } })
 * const support = definePolicy({ name: 'support', tables: { allow: ['customers', 'tickets'] } })
 * const policy = combinePolicies(everyone, support)
 * ```
 */
export function combinePolicies(first: Policy, ...others: readonly Policy[]): Policy {
  const all = [first, ...others]
  return {
    ...first,
    name: all.map(({ name }) => name).join(' + '),
    limits: strictest(all.map(({ limits }) => limits)),
    statements: {
      explain: all.every(({ statements }) => statements?.explain === 'plan') ? 'plan' : 'never',
    },
    also: [...(first.also ?? []), ...others],
  }
}

function strictest(limits: readonly Limits[]): Limits {
  const least = (pick: (limit: Limits) => number) => Math.min(...limits.map(pick))
  return {
    maxRows: least(({ maxRows }) => maxRows),
    maxTextBytes: least(({ maxTextBytes }) => maxTextBytes),
    maxDepth: least(({ maxDepth }) => maxDepth),
    maxJoins: least(({ maxJoins }) => maxJoins),
    maxGeneratedRows: least(({ maxGeneratedRows }) => maxGeneratedRows),
    generators: limits.some(({ generators }) => generators === 'constant') ? 'constant' : 'data',
    maxBuiltBytes: least(({ maxBuiltBytes }) => maxBuiltBytes),
    maxCrossJoins: least(({ maxCrossJoins }) => maxCrossJoins),
    recursion:
      (['refused', 'bounded'] as const).find((rule) =>
        limits.some(({ recursion }) => recursion === rule),
      ) ?? 'allowed',
  }
}
