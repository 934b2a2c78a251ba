import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createDatabase, type Engine } from '@t2t/database'
import { sqlite } from '@t2t/database/sqlite'
import { createSqlGuard, type AllowedVerdict } from '@t2t/sql-guard'
import { sqlite as dialect } from '@t2t/sql-guard/sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { honestTwins } from '../../../sql-guard/test/attacks/attack.ts'
import { constants, places } from '../../../sql-guard/test/attacks/sqlite/reading.ts'
import { sqliteAttacks } from '../../../sql-guard/test/attacks/sqlite/sqlite.attacks.ts'
import { worldPolicy, worldSchema } from '../../../sql-guard/test/attacks/world.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'

const calm = new AbortController().signal
const caps = { maxRows: 50, maxBytes: 100_000, timeoutMs: 60_000 }
const folder = mkdtempSync(join(tmpdir(), 'held-'))
const path = join(folder, 'world.db')

afterAll(() => rmSync(folder, { recursive: true }))

function openWorld(): Engine {
  rmSync(path, { force: true })
  const writer = new DatabaseSync(path)
  writer.exec(worldSchema(''))
  writer.close()
  return sqlite({ path })
}

async function verdictOf(engine: Engine, sql: string): Promise<AllowedVerdict> {
  const catalog = await engine.introspect(calm)
  const guard = await createSqlGuard({ dialect: dialect(), policy: worldPolicy, catalog })
  const verdict = guard.check(sql)
  if (verdict.kind === 'refused') throw new Error('The guard of the test refuses.')
  return verdict
}

describe.skipIf(!hasSqlite)('a statement in SQLite', () => {
  it.for([
    'SELECT email FROM customers',
    'SELECT value FROM secrets',
    'SELECT name FROM customers ORDER BY email',
    'SELECT count(*) FROM customers WHERE length(email) > 3',
    'SELECT upper(name) FROM customers',
    'SELECT customers.name FROM customers, sqlite_schema',
  ])('is held to what a guard decided, so that %s is stopped', async (sql) => {
    const engine = openWorld()
    const decided = await verdictOf(engine, 'SELECT name, count(*) FROM customers GROUP BY name')

    const failure = await engine.read(sql, caps, calm, decided).catch((error: unknown) => error)
    const honest = await engine.read(decided.sql, caps, calm, decided)
    const alone = await engine.read('SELECT value FROM secrets', caps, calm)

    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_STATEMENT_REFUSED' })
    expect([honest.rows.length, alone.rows]).toEqual([3, [['canary']]])
  })

  it('is held to it in a process of its own as well', async () => {
    const engine = openWorld()
    const decided = await verdictOf(engine, 'SELECT name FROM customers')
    const remote = sqlite({ path, runsIn: 'own-process' })

    const failure = await remote
      .read('SELECT email FROM customers', caps, calm, decided)
      .catch((error: unknown) => error)
    const honest = await remote.read(decided.sql, caps, calm, decided)

    await Promise.all([engine.close(), remote.close()])
    expect(failure).toMatchObject({ code: 'DATABASE_STATEMENT_REFUSED' })
    expect(honest.rows).toHaveLength(3)
  })

  it('that is held to it gives way to others that run meanwhile', async () => {
    const engine = openWorld()
    const decided = await verdictOf(engine, 'SELECT name FROM customers')
    const long = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      SELECT i, email FROM n JOIN customers ON customers.id = i % 3 + 1`

    const [others, ours] = await Promise.all([
      engine.read(long, { ...caps, maxRows: 5_000, maxBytes: 1_000_000 }, calm),
      engine.read(decided.sql, caps, calm, decided),
    ])

    await engine.close()
    expect([others.rows.length, ours.rows.length]).toEqual([3_000, 3])
  })

  it('that the guard allows is never stopped by it', async () => {
    const world = await createDatabase({
      name: 'world',
      engine: openWorld(),
      policy: worldPolicy,
    })
    const outcomes = new Map<string, number>()
    const stopped: string[] = []
    for (const sql of [...honestTwins(places, constants), ...sqliteAttacks.map((one) => one.sql)]) {
      const outcome = await world.query(sql).then(
        ({ kind }) => kind,
        (error: unknown) => String(error),
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      if (outcome.includes('only reads')) stopped.push(sql)
    }
    await world.close()

    expect(stopped).toEqual([])
    expect(outcomes.get('rows')).toBeGreaterThan(100)
  })
})
