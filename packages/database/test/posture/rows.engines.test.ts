import { combinePolicies, definePolicy } from '@t2t/sql-guard'
import { nativePolicy } from '@t2t/sql-guard/native'
import { postgres as postgresDialect } from '@t2t/sql-guard/postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { shopPolicy } from '../databases/shop.ts'
import { openShopRoles, type ShopRoles } from './shop-roles.ts'

const policy = combinePolicies(
  shopPolicy,
  definePolicy({ rows: { filter: { orders: 'customer_id = :customer' } } }),
)
const attributes = { customer: 1 }

describe.skipIf(!inject('reachable').postgres)('a policy with a row filter', () => {
  let shop: ShopRoles

  beforeAll(async () => {
    shop = await openShopRoles({ policy, attributes }, async (catalog, names) => {
      const dialect = postgresDialect()
      const { statements } = await nativePolicy({ dialect, policy, catalog, attributes, ...names })
      return statements
    })
  })

  afterAll(() => shop.close())

  it('drifts where row security does not hold for the role', async () => {
    expect((await shop.asOwner.drift()).unfilteredRows).toEqual(['public.orders'])
  })

  it('does not drift as the role that it was written as', async () => {
    expect(await shop.asReader.drift()).toMatchObject({
      readableThoughHidden: [],
      unfilteredRows: [],
    })
  })

  it('has nothing to be told about that role', async () => {
    expect(await shop.asReader.posture()).toEqual({
      role: shop.role,
      canWrite: false,
      findings: [],
    })
  })
})
