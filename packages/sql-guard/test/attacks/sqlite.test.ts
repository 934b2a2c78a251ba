import { DatabaseSync } from 'node:sqlite'
import { createSqlGuard, type SqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { honestTwins } from './attack.ts'
import { constants, places } from './sqlite/reading.ts'
import { sqliteAttacks } from './sqlite/sqlite.attacks.ts'
import { listPolicy, otherWorld, worldCatalog, worldPolicy, worldSchema } from './world.ts'

const catalog = worldCatalog('sqlite', 'main')
const informed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect: sqlite(), policy: worldPolicy, catalog }),
  await createSqlGuard({ dialect: sqlite(), policy: listPolicy, catalog }),
]
const uninformed = await createSqlGuard({ dialect: sqlite(), policy: worldPolicy })

function open(world: string): DatabaseSync {
  const database = new DatabaseSync(':memory:', { defensive: false })
  database.exec(worldSchema(''))
  database.exec(world)
  return database
}

const [one, other] = [open(''), open(otherWorld)]

function runs(sql: string): boolean {
  const database = open('')
  database.exec(sql)
  database.close()
  return true
}

function answer(database: DatabaseSync, sql: string): string {
  return JSON.stringify(database.prepare(sql).all())
}

describe('the attacks on SQLite', () => {
  it('are many, and each is told only once', () => {
    expect(sqliteAttacks.length).toBeGreaterThan(450)
  })

  it.for(sqliteAttacks)('bite without the guard: $sql', ({ sql, proof }) => {
    const bites = {
      leaks: () => answer(one, sql) !== answer(other, sql),
      runs: () => runs(sql),
      plans: () => one.prepare(sql) !== undefined,
    }

    expect(bites[proof]()).toBe(true)
  })

  it.for(sqliteAttacks)('are refused: $sql', ({ sql, needsCatalog }) => {
    const guards = needsCatalog ? informed : [...informed, uninformed]

    for (const guard of guards) expect(guard.check(sql).kind).toBe('refused')
  })

  it.for(honestTwins(places, constants))('leave an honest statement alone: %s', (sql) => {
    const verdict = informed.map((guard) => guard.check(sql))[0]

    expect(verdict).toMatchObject({ kind: 'allowed' })
    const text = verdict?.kind === 'allowed' ? verdict.sql : ''
    expect(answer(one, text)).toBe(answer(one, sql))
    expect(answer(other, text)).toBe(answer(one, sql))
  })
})
