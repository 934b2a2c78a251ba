import { combinePolicies, createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { nativePolicy } from '@t2t/sql-guard/native'
import { postgres } from '@t2t/sql-guard/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { honestTwins } from '../attacks/attack.ts'
import { hiddenParts, otherParts, partsTables } from '../attacks/postgres/inheritance.ts'
import { postgresAttacks, postgresExtras } from '../attacks/postgres/postgres.attacks.ts'
import { constants, places } from '../attacks/postgres/reading.ts'
import {
  otherRows,
  otherWorld,
  rowPolicy,
  worldCatalog,
  worldPolicy,
  worldSchema,
} from '../attacks/world.ts'

const server = { host: '127.0.0.1', port: 5432 }
const suffix = `${process.pid}_${Date.now() % 100_000}`
const [database, other, role] = [
  `native_one_${suffix}`,
  `native_two_${suffix}`,
  `native_reader_${suffix}`,
]
const admin = new pg.Client({ ...server, user: 'postgres', database: 'postgres' })
const owner = new pg.Client({ ...server, user: 'postgres', database })
const otherOwner = new pg.Client({ ...server, user: 'postgres', database: other })
const reader = new pg.Client({ ...server, user: role, database })
const otherReader = new pg.Client({ ...server, user: role, database: other })

const world = worldCatalog('postgres', 'public')
const catalog = { ...world, tables: [...world.tables, ...partsTables] }
const policy = combinePolicies(
  worldPolicy,
  rowPolicy,
  definePolicy({
    tables: { block: hiddenParts.tables },
    columns: { block: hiddenParts.columns, minGroupSize: { 'orders.total': 2 } },
  }),
)
const options = { dialect: postgres(), policy, catalog, attributes: { customer: 1 } }

/** The rows of a text, or the code of the engine's error. */
async function answer(client: pg.Client, sql: string): Promise<string> {
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return JSON.stringify(rows)
  } catch (error) {
    return `error ${error instanceof Error && 'code' in error ? String(error.code) : ''}`
  }
}

describe.skipIf(!inject('reachable').postgres)('the policy as a role of PostgreSQL', () => {
  beforeAll(async () => {
    await admin.connect()
    const { statements } = await nativePolicy({ ...options, role, database })
    for (const [client, name, changes] of [
      [owner, database, ''],
      [otherOwner, other, `${otherWorld}; ${otherRows}; ${otherParts.replace(/^\s*;/, '')}`],
    ] as const) {
      await admin.query(`CREATE DATABASE ${name}`)
      await client.connect()
      await client.query(worldSchema('STORED') + postgresExtras)
      await client.query(changes)
      for (const statement of statements) {
        const own = statement.replaceAll(database, name)
        // Roles belong to the server, and there is one already for the second database.
        if (name === database || !/^(CREATE|ALTER) ROLE/.test(own)) await client.query(own)
      }
    }
    await reader.connect()
    await otherReader.connect()
  })

  afterAll(async () => {
    await Promise.all([owner, otherOwner, reader, otherReader].map((client) => client.end()))
    await admin.query(`DROP DATABASE ${database}`)
    await admin.query(`DROP DATABASE ${other}`)
    await admin.query(`DROP ROLE ${role}`)
    await admin.end()
  })

  it('gives what the guard allows, and the same rows without its filters', async () => {
    const guard = await createSqlGuard(options)
    const wrong: string[] = []
    let compared = 0
    for (const sql of honestTwins(places, constants)) {
      const verdict = guard.check(sql)
      // What is read in groups only is not granted.
      if (verdict.kind === 'refused' || /\btotal\b/.test(sql)) continue
      compared += 1
      const [native, guarded] = [await answer(reader, sql), await answer(owner, verdict.sql)]
      if (native !== guarded) wrong.push(`${sql}: ${native}, not ${guarded}`)
    }

    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(100)
  })

  it('tells nothing of what is hidden, whatever is asked without the guard', async () => {
    const leaks: string[] = []
    let answered = 0
    for (const { sql } of postgresAttacks.filter(({ proof }) => proof === 'leaks')) {
      const [one, two] = [await answer(reader, sql), await answer(otherReader, sql)]
      if (!one.startsWith('error')) answered += 1
      if (one !== two) leaks.push(sql)
    }

    expect(leaks).toEqual([])
    expect(answered).toBeLessThan(60)
  }, 60_000)

  it.for([
    ['a blocked table', 'SELECT 1 FROM secrets'],
    ['a blocked column', 'SELECT email FROM customers'],
    ['a column computed from one', 'SELECT email_upper FROM customers'],
    ['all columns', 'SELECT * FROM customers'],
    ['a whole row', 'SELECT customers FROM customers'],
    [
      'a comparison by USING',
      "SELECT id FROM customers JOIN (SELECT 'x' AS email) x USING (email)",
    ],
    ['a view on a column', 'SELECT address FROM customer_emails'],
    ['a view on a table', 'SELECT 1 FROM secret_values'],
    ['a part of a blocked table', 'SELECT 1 FROM visits_1'],
    ['a column of a group', 'SELECT total FROM orders'],
    ['a write', 'DELETE FROM customers'],
  ] as const)('refuses %s', async ([, sql]) => {
    expect(await answer(reader, sql)).toMatch(/^error (42501|25006)$/)
  })

  it('shows one customer only, and the owner all of them', async () => {
    const sql = 'SELECT DISTINCT customer_id FROM orders ORDER BY 1'

    expect(await answer(reader, sql)).toBe('[[1]]')
    expect(await answer(owner, sql)).toBe('[[1],[2]]')
  })
})
