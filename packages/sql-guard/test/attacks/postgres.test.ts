import { combinePolicies, createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { describe, expect, it } from 'vitest'
import { honestTwins } from './attack.ts'
import { hiddenParts, partsTables, partsTwins } from './postgres/inheritance.ts'
import { constants, places } from './postgres/reading.ts'
import { postgresAttacks } from './postgres/postgres.attacks.ts'
import { listPolicy, schemaPolicy, worldCatalog, worldPolicy } from './world.ts'

const world = worldCatalog('postgres', 'public')
const catalog = { ...world, tables: [...world.tables, ...partsTables] }
const parts = definePolicy({
  tables: { block: hiddenParts.tables },
  columns: { block: hiddenParts.columns },
})
const open = await createSqlGuard({
  dialect: postgres(),
  policy: combinePolicies(worldPolicy, parts),
  catalog,
})
const informed: readonly SqlGuard[] = [
  open,
  await createSqlGuard({ dialect: postgres(), policy: listPolicy, catalog }),
]
const bySchema = combinePolicies(worldPolicy, schemaPolicy('public'))
const uninformed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect: postgres(), policy: worldPolicy }),
  await createSqlGuard({ dialect: postgres(), policy: bySchema }),
]

describe('the attacks on PostgreSQL', () => {
  it('are many, and each is told only once', () => {
    expect(postgresAttacks.length).toBeGreaterThan(700)
  })

  it.for(postgresAttacks)('are refused: $sql', ({ sql, needsCatalog }) => {
    const guards = needsCatalog ? informed : [...informed, ...uninformed]

    for (const guard of guards) expect(guard.check(sql).kind).toBe('refused')
  })

  it.for(honestTwins(places, constants))('leave an honest statement alone: %s', (sql) => {
    for (const guard of [...informed, ...uninformed]) {
      expect(guard.check(sql)).toMatchObject({ kind: 'allowed' })
    }
  })

  it.for(partsTwins)('leave an honest statement about parts of tables alone: %s', (sql) => {
    expect(open.check(sql)).toMatchObject({ kind: 'allowed' })
  })
})
