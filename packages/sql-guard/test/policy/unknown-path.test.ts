import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { describe, expect, it } from 'vitest'

const policy = definePolicy({
  tables: { block: ['secrets'] },
  columns: { block: ['customers.email'] },
})

describe('a blocked name without a schema', () => {
  it.for([
    'SELECT 1 FROM secrets',
    'SELECT 1 FROM shop.secrets',
    'SELECT email FROM shop.customers',
    'SELECT * FROM shop.customers',
    'SELECT c.* FROM shop.customers c',
  ])('is blocked in every schema where nobody knows the path: %s', async (sql) => {
    const guard = await createSqlGuard({ dialect: mysql(), policy })

    expect(guard.check(sql).kind).toBe('refused')
  })

  it('is blocked in the schemas of the path where it is known', async () => {
    const guard = await createSqlGuard({ dialect: mysql({ database: 'shop' }), policy })

    expect(guard.check('SELECT 1 FROM shop.secrets').kind).toBe('refused')
    expect(guard.check('SELECT 1 FROM archive.secrets').kind).toBe('allowed')
  })
})
