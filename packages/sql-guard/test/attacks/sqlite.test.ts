import { DatabaseSync } from 'node:sqlite'
import { combinePolicies, createSqlGuard, definePolicy, type SqlGuard } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { honestTwins } from './attack.ts'
import { hiddenReaders, otherReaders, readersTables, sqliteExtras } from './sqlite/picked-rows.ts'
import { constants, places } from './sqlite/reading.ts'
import { sqliteAttacks } from './sqlite/sqlite.attacks.ts'
import {
  listPolicy,
  maskPolicy,
  otherRows,
  otherWorld,
  rowPolicy,
  schemaPolicy,
  worldCatalog,
  worldPolicy,
  worldSchema,
} from './world.ts'

const world = worldCatalog('sqlite', 'main')
const catalog = { ...world, tables: [...world.tables, ...readersTables] }
const readers = definePolicy({ columns: { block: hiddenReaders } })
const policy = combinePolicies(worldPolicy, readers)
const informed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect: sqlite(), policy, catalog }),
  await createSqlGuard({ dialect: sqlite(), policy: listPolicy, catalog }),
]
const masking = await createSqlGuard({
  dialect: sqlite(),
  policy: combinePolicies(maskPolicy, readers),
  catalog,
})
const filtering = await createSqlGuard({
  dialect: sqlite(),
  policy: rowPolicy,
  catalog,
  attributes: { customer: 1 },
})
const uninformed: readonly SqlGuard[] = [
  await createSqlGuard({ dialect: sqlite(), policy }),
  await createSqlGuard({
    dialect: sqlite(),
    policy: combinePolicies(policy, schemaPolicy('main')),
  }),
]

function open(world: string): DatabaseSync {
  const database = new DatabaseSync(':memory:', { defensive: false })
  database.exec(worldSchema('') + sqliteExtras)
  database.exec(world)
  return database
}

const [one, other, changed] = [open(''), open(otherWorld + otherReaders), open(otherRows)]

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
    const guards = needsCatalog ? informed : [...informed, ...uninformed]

    for (const guard of guards) expect(guard.check(sql).kind).toBe('refused')
  })

  it.for(honestTwins(places, constants))('leave an honest statement alone: %s', (sql) => {
    const verdict = informed.map((guard) => guard.check(sql))[0]

    expect(verdict).toMatchObject({ kind: 'allowed' })
    const text = verdict?.kind === 'allowed' ? verdict.sql : ''
    expect(answer(one, text)).toBe(answer(one, sql))
    expect(answer(other, text)).toBe(answer(one, sql))
  })

  it.for(sqliteAttacks.filter(({ proof }) => proof === 'leaks'))(
    'learn nothing behind a mask: $sql',
    ({ sql }) => {
      const verdict = masking.check(sql)
      const text = verdict.kind === 'allowed' ? verdict.sql : 'SELECT 1'

      expect(answer(one, text)).toBe(answer(other, text))
    },
  )

  it.for(honestTwins(places, constants))('learn nothing of hidden rows: %s', (sql) => {
    const verdict = filtering.check(sql)
    const text = verdict.kind === 'allowed' ? verdict.sql : 'SELECT 1'

    expect(answer(one, text)).toBe(answer(changed, text))
  })

  it('would learn of hidden rows without the guard', () => {
    const learned = honestTwins(places, constants).filter(
      (sql) => answer(one, sql) !== answer(changed, sql),
    )

    expect(learned.length).toBeGreaterThan(100)
  })
})
