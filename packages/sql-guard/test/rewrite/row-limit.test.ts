import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { expect, it } from 'vitest'

const policy = definePolicy({ limits: { maxRows: 50 } })

it.for([postgres(), sqlite(), mysql()])(
  'a limit below zero never counts as one in $name',
  async (dialect) => {
    const guard = await createSqlGuard({ dialect, policy })
    const verdict = guard.check('SELECT id FROM orders LIMIT -1')

    expect(verdict.kind === 'allowed' ? verdict.maxRows : 50).toBe(50)
    expect(guard.check('SELECT id FROM orders LIMIT 1')).toMatchObject({
      rowLimit: 'statement',
      maxRows: 1,
    })
  },
)
