import {
  createSqlGuard,
  definePolicy,
  OptionInvalidError,
  type PolicyInput,
  type SqlGuard,
} from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { shadowGuard, type ShadowDifference } from '@t2t/sql-guard/shadow'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, expectTypeOf, it } from 'vitest'

async function guarding(policy: PolicyInput): Promise<SqlGuard> {
  return createSqlGuard({
    dialect: sqlite(),
    policy: definePolicy(policy),
    catalog: toyCatalog('sqlite'),
  })
}

const open = await guarding({})
const strict = await guarding({
  name: 'strict',
  tables: { allow: ['orders', 'customers'] },
  columns: { mask: { 'customers.email': 'redacted' } },
})

const statements = [
  ['SELECT id FROM orders', undefined],
  ['SELECT value FROM secrets', 'would-refuse'],
  ['SELECT email FROM customers', 'would-change'],
  ['DELETE FROM orders', undefined],
] as const

describe('a shadow guard', () => {
  it.for(statements)(
    'decides as the guard in force, and says what the other would: %s',
    ([sql, kind]) => {
      const differences: ShadowDifference[] = []
      const guard = shadowGuard({
        enforced: open,
        trial: strict,
        onDifference: (difference) => void differences.push(difference),
      })

      const { shadow, ...verdict } = guard.check(sql)

      expect(verdict).toEqual(open.check(sql))
      expect(shadow).toEqual(strict.check(sql))
      expect(differences.map((difference) => difference.kind)).toEqual(
        kind === undefined ? [] : [kind],
      )
    },
  )

  it('says what a wider policy would allow', () => {
    const kinds: string[] = []
    const guard = shadowGuard({
      enforced: strict,
      trial: open,
      onDifference: ({ kind }) => void kinds.push(kind),
    })

    expect(guard.check('SELECT value FROM secrets').kind).toBe('refused')
    expect(kinds).toEqual(['would-allow'])
  })

  it('lets every text through as it came when nothing is in force', () => {
    const guard = shadowGuard({ enforced: 'nothing', trial: strict })

    for (const sql of ['DELETE FROM orders', 'SELECT value FROM secrets', 'no SQL at all']) {
      expect(guard.check(sql)).toMatchObject({ kind: 'allowed', sql, shadow: { kind: 'refused' } })
    }
  })

  it('has the policy of the guard in force', () => {
    expect(shadowGuard({ enforced: open, trial: strict }).policy).toBe(open.policy)
    expect(shadowGuard({ enforced: open, trial: strict }).visibleCatalog()).toEqual(
      open.visibleCatalog(),
    )
  })

  it('decides the same when its listener throws', () => {
    const guard = shadowGuard({
      enforced: open,
      trial: strict,
      onDifference: () => {
        throw new Error('The listener is broken.')
      },
    })

    expect(guard.check('SELECT value FROM secrets').kind).toBe('allowed')
  })

  it('must be told what stays in force', async () => {
    const other = await createSqlGuard({ dialect: postgres() })

    expectTypeOf<Parameters<typeof shadowGuard>[0]>().toHaveProperty('enforced').not.toBeUndefined()
    expect(() => shadowGuard({ enforced: other, trial: strict })).toThrow(OptionInvalidError)
  })
})
