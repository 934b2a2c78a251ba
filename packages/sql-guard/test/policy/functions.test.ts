import { createSqlGuard, definePolicy, type PolicyInput, type SqlGuard } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

async function guarding(functions: PolicyInput['functions']): Promise<SqlGuard> {
  return createSqlGuard({
    dialect: postgres(),
    policy: definePolicy({ functions }),
    catalog: toyCatalog('postgres'),
  })
}

function kinds(guard: SqlGuard, calls: readonly string[]): readonly string[] {
  return calls.map((call) => guard.check(`SELECT ${call} FROM orders`).kind)
}

describe('a list of functions', () => {
  it('means calls with so many arguments where it says how many', async () => {
    const guard = await guarding({ allow: ['price_of/1', 'shop.price_of/2', 'shop.tax'] })

    expect(kinds(guard, ['price_of(1)', 'price_of(1, 2)', 'pg_catalog.price_of(1)'])).toEqual([
      'allowed',
      'refused',
      'allowed',
    ])
    expect(kinds(guard, ['shop.price_of(1)', 'shop.price_of(1, 2)', 'shop.tax(1)'])).toEqual([
      'refused',
      'allowed',
      'allowed',
    ])
    expect(kinds(guard, ['tax(1)', 'other.tax(1)'])).toEqual(['refused', 'refused'])
  })

  it('blocks only the calls that it means, whatever the case', async () => {
    const guard = await guarding({ block: ['ROUND/2', 'pg_catalog.abs'] })

    expect(kinds(guard, ['round(1.5)', 'round(1.5, 1)', 'pg_catalog.abs(1)'])).toEqual([
      'allowed',
      'refused',
      'refused',
    ])
  })

  it('blocks a name without a schema where it may mean a blocked function', async () => {
    const guard = await guarding({ allow: ['tax'], block: ['pg_catalog.abs', 'public.tax/1'] })

    expect(kinds(guard, ['abs(1)', 'tax(1)', 'tax(1, 2)'])).toEqual([
      'refused',
      'refused',
      'allowed',
    ])
  })

  it('counts a star as no argument', async () => {
    const guard = await guarding({ block: ['count/0'] })

    expect(kinds(guard, ['count(*)', 'count(id)'])).toEqual(['refused', 'allowed'])
  })

  it('takes a field that may be a call as one with the row alone', async () => {
    const guard = await guarding({ allow: ['label/2'] })
    const other = await guarding({ allow: ['label/1'] })

    expect(kinds(guard, ['(row(1, 2)).label'])).toEqual(['refused'])
    expect(kinds(other, ['(row(1, 2)).label'])).toEqual(['allowed'])
  })

  it('is told by a verdict, each function once for each number of arguments', async () => {
    const guard = await guarding({ allow: ['shop.tax'] })

    expect(
      guard.check('SELECT shop.tax(1), round(1), round(2), count(*) FROM orders'),
    ).toMatchObject({
      functions: [
        { schema: 'shop', name: 'tax', arity: 1 },
        { name: 'round', arity: 1 },
        { name: 'count', arity: 0 },
      ],
    })
  })
})
