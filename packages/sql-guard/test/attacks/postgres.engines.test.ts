import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { postgresAttacks, postgresExtras } from './postgres/postgres.attacks.ts'
import { otherParts } from './postgres/inheritance.ts'
import { otherWorld, worldSchema } from './world.ts'

const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }
const database = `guard_attacks_${process.pid}`
const admin = new pg.Client({ ...server, database: 'postgres' })
const client = new pg.Client({ ...server, database })

/** Runs a text and undoes it; gives its rows, or the code of its error. */
async function undone(before: string, sql: string): Promise<{ rows?: string; error?: string }> {
  await client.query('BEGIN')
  try {
    if (before !== '') await client.query(before)
    await client.query(`SET LOCAL statement_timeout = '5s'`)
    const result = await client.query({ text: sql, rowMode: 'array' })
    return { rows: JSON.stringify([result].flat().map(({ rows }) => rows)) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'unknown' }
  } finally {
    await client.query('ROLLBACK')
  }
}

describe.skipIf(!inject('reachable').postgres)('the attacks on PostgreSQL', () => {
  beforeAll(async () => {
    await admin.connect()
    await admin.query(`CREATE DATABASE ${database}`)
    await client.connect()
    await client.query(worldSchema('STORED'))
    await client.query(postgresExtras)
  })

  afterAll(async () => {
    await client.end()
    await admin.query(`DROP DATABASE ${database}`)
    await admin.end()
  })

  it.for(postgresAttacks)('bite without the guard: $sql', async ({ sql, proof }) => {
    const [one, other] =
      proof === 'plans'
        ? [await undone('', sql.startsWith('COPY') ? 'SELECT 1' : `EXPLAIN ${sql}`), undefined]
        : [
            await undone('', sql),
            proof === 'leaks' ? await undone(otherWorld + otherParts, sql) : undefined,
          ]

    expect(one).not.toHaveProperty('error')
    expect(one).not.toEqual(other)
  })
})
