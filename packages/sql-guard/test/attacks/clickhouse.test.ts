import { createSqlGuard, type SqlGuard } from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { describe, expect, it } from 'vitest'
import { honestTwins } from './attack.ts'
import { clickhouseAttacks } from './clickhouse/clickhouse.attacks.ts'
import { constants, places } from './clickhouse/reading.ts'
import { clickhouseCatalog as catalog } from './clickhouse/world.ts'
import { listPolicy, worldPolicy } from './world.ts'

const informed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect: clickhouse(), policy: worldPolicy, catalog }),
  await createSqlGuard({ dialect: clickhouse(), policy: listPolicy, catalog }),
]
const uninformed = await createSqlGuard({
  dialect: clickhouse({ database: 'attacked' }),
  policy: worldPolicy,
})

describe('the attacks on ClickHouse', () => {
  it('are many, and each is told only once', () => {
    expect(clickhouseAttacks.length).toBeGreaterThan(400)
  })

  it.for(clickhouseAttacks)('are refused: $sql', ({ sql, needsCatalog }) => {
    const guards = needsCatalog ? informed : [...informed, uninformed]

    for (const guard of guards) expect(guard.check(sql).kind).toBe('refused')
  })

  it.for(honestTwins(places, constants))('leave an honest statement alone: %s', (sql) => {
    for (const guard of [...informed, uninformed]) {
      expect(guard.check(sql)).toMatchObject({ kind: 'allowed' })
    }
  })
})
