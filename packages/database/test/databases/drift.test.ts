import { createDatabase } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { combinePolicies, definePolicy } from '@t2t/sql-guard'
import { expect, it } from 'vitest'
import { openShop, shopPolicy } from './shop.ts'

it('says of SQLite, which has no grants, that all can be read', async () => {
  const filter = definePolicy({ rows: { filter: { orders: 'customer_id = 1' } } })
  const shop = await createDatabase({
    name: 'shop',
    engine: sqlite({ database: openShop() }),
    policy: combinePolicies(shopPolicy, filter),
  })

  const drift = await shop.drift()

  await shop.close()
  expect(drift).toEqual({
    hasGrants: false,
    readableThoughHidden: [
      'main.contacts.email',
      'main.customers.email',
      'main.salaries.id',
      'main.salaries.amount',
    ],
    hiddenThoughShown: [],
    unfilteredRows: ['main.orders'],
  })
})
