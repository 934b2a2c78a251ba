import { DatabaseSync } from 'node:sqlite'
import mysqlClient, { type Connection } from 'mysql2/promise'
import pg from 'pg'
import type { Attack } from '../../test/attacks/attack.ts'
import {
  mariadbAttacks,
  mariadbExtras,
  otherColumns,
} from '../../test/attacks/mariadb/mariadb.attacks.ts'
import { otherParts } from '../../test/attacks/postgres/inheritance.ts'
import { postgresAttacks, postgresExtras } from '../../test/attacks/postgres/postgres.attacks.ts'
import { otherReaders, sqliteExtras } from '../../test/attacks/sqlite/picked-rows.ts'
import { sqliteAttacks } from '../../test/attacks/sqlite/sqlite.attacks.ts'
import { otherWorld, worldSchema } from '../../test/attacks/world.ts'
import { startMariadb } from '../../test/fuzz/engines/own-mariadb.ts'

/** Runs a text after a change, and undoes both; gives its rows, or nothing where it fails. */
type Undone = (before: string, sql: string) => Promise<string | undefined>

/** Cases that do not bite on their engine, of all three. */
export async function harmless(): Promise<readonly string[]> {
  return [...sqlite(), ...(await postgres()), ...(await mariadb())]
}

async function notBiting(
  attacks: readonly Attack[],
  changes: string,
  undone: Undone,
  planned: (sql: string) => string,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const { sql, proof } of attacks) {
    const one = await undone('', proof === 'plans' ? planned(sql) : sql)
    const other = proof === 'leaks' ? await undone(changes, sql) : undefined
    if (one === undefined || one === other) found.push(sql)
  }
  return found
}

function sqlite(): readonly string[] {
  const open = (more: string): DatabaseSync => {
    const database = new DatabaseSync(':memory:', { defensive: false })
    database.exec(worldSchema('') + sqliteExtras + more)
    return database
  }
  const [one, other] = [open(''), open(otherWorld + otherReaders)]
  const answer = (database: DatabaseSync, sql: string): string =>
    JSON.stringify(database.prepare(sql).all())
  return sqliteAttacks
    .filter(({ sql, proof }) => {
      try {
        if (proof === 'leaks') return answer(one, sql) === answer(other, sql)
        if (proof === 'plans') one.prepare(sql)
        else open('').exec(sql)
        return false
      } catch {
        return true
      }
    })
    .map(({ sql }) => sql)
}

async function postgres(): Promise<readonly string[]> {
  const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }
  const database = `guard_report_${process.pid}`
  const admin = new pg.Client({ ...server, database: 'postgres' })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${database}`)
  const client = new pg.Client({ ...server, database })
  try {
    await client.connect()
    await client.query(worldSchema('STORED') + postgresExtras)
    const undone: Undone = async (before, sql) => {
      await client.query('BEGIN')
      try {
        if (before !== '') await client.query(before)
        await client.query(`SET LOCAL statement_timeout = '5s'`)
        const result = await client.query({ text: sql, rowMode: 'array' })
        return JSON.stringify([result].flat().map(({ rows }) => rows))
      } catch {
        return undefined
      } finally {
        await client.query('ROLLBACK')
      }
    }
    return await notBiting(postgresAttacks, otherWorld + otherParts, undone, (sql) =>
      sql.startsWith('COPY') ? 'SELECT 1' : `EXPLAIN ${sql}`,
    )
  } finally {
    await client.end()
    await admin.query(`DROP DATABASE ${database}`)
    await admin.end()
  }
}

async function mariadb(): Promise<readonly string[]> {
  const server = await startMariadb()
  try {
    const client: Connection = await mysqlClient.createConnection({
      socketPath: server.socketPath,
      user: 'root',
      multipleStatements: true,
      rowsAsArray: true,
    })
    await client.query('CREATE DATABASE attacked; USE attacked')
    await client.query(worldSchema('STORED'))
    for (const statement of mariadbExtras) await client.query(statement)
    const undone: Undone = async (before, sql) => {
      await client.query('START TRANSACTION')
      try {
        if (before !== '') await client.query(before)
        const [rows] = await client.query(sql)
        return JSON.stringify(rows)
      } catch {
        return undefined
      } finally {
        await client.query('UNLOCK TABLES; ROLLBACK; USE attacked; SET SESSION sql_mode = DEFAULT')
      }
    }
    const found = await notBiting(
      mariadbAttacks,
      otherWorld + otherColumns,
      undone,
      (sql) => `PREPARE planned FROM ${client.escape(sql)}`,
    )
    client.destroy()
    return found
  } finally {
    await server.stop()
  }
}
