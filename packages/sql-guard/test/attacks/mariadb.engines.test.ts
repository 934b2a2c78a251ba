import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { mariadbAttacks, mariadbExtras, otherColumns } from './mariadb/mariadb.attacks.ts'
import { otherWorld, worldSchema } from './world.ts'

const server = { host: '127.0.0.1', user: 'root', multipleStatements: true, rowsAsArray: true }
const database = 'attacked'

/** Runs a text and undoes it; gives its rows, or the message of its error. */
async function undone(
  client: mysql.Connection,
  before: string,
  sql: string,
): Promise<{ rows?: string; error?: string }> {
  await client.query('START TRANSACTION')
  try {
    if (before !== '') await client.query(before)
    const [rows] = await client.query(sql)
    return { rows: JSON.stringify(rows) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'unknown' }
  } finally {
    await client.query(`UNLOCK TABLES; ROLLBACK; USE ${database}; SET SESSION sql_mode = DEFAULT`)
  }
}

describe.skipIf(!inject('reachable').mariadb)('the attacks on MariaDB', () => {
  let client: mysql.Connection

  beforeAll(async () => {
    client = await mysql.createConnection(server)
    await client.query(
      `DROP DATABASE IF EXISTS ${database}; CREATE DATABASE ${database}; USE ${database}`,
    )
    await client.query(worldSchema('STORED'))
    for (const statement of mariadbExtras) await client.query(statement)
  })

  afterAll(async () => {
    await client.query(`DROP DATABASE ${database}`)
    await client.end()
  })

  it.for(mariadbAttacks)('bite without the guard: $sql', async ({ sql, proof }) => {
    const text = proof === 'plans' ? `PREPARE planned FROM ${client.escape(sql)}` : sql
    const one = await undone(client, '', text)
    const other =
      proof === 'leaks' ? await undone(client, otherWorld + otherColumns, sql) : undefined

    expect(one).not.toHaveProperty('error')
    expect(one).not.toEqual(other)
  })
})
