import { DatabaseSync } from 'node:sqlite'
import { type Attribute, type Dialect } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { describe, expect, inject, it } from 'vitest'
import { filteredBy, hostileValues } from './attributes.ts'

const database = `attributes_${process.pid}_${Date.now() % 100_000}`
const texts = hostileValues.filter((value) => typeof value === 'string')

interface Judge {
  readonly dialect: Dialect
  readonly schema: string
  /** The ids that a text gives. */
  readonly read: (sql: string) => Promise<string>
  /** The ids of an owner, bound as a parameter. */
  readonly bound: (owner: Attribute) => Promise<string>
}

/** Values that are written otherwise than they are bound, and those that are not written at all. */
async function judged(values: readonly Attribute[], { dialect, schema, read, bound }: Judge) {
  const wrong: unknown[] = []
  const refused: unknown[] = []
  for (const value of values) {
    const sql = await filteredBy(dialect, schema, value)
    if (sql === undefined) refused.push(value)
    else if ((await read(sql)) !== (await bound(value))) wrong.push(value)
  }
  return { wrong, refused }
}

describe('an attribute in a text', () => {
  it('is for SQLite what it is as a parameter', async () => {
    const notes = new DatabaseSync(':memory:')
    notes.exec('CREATE TABLE notes (id integer PRIMARY KEY, owner)')
    const insert = notes.prepare('INSERT INTO notes VALUES (?, ?)')
    const plain = (value: Attribute) => (typeof value === 'boolean' ? Number(value) : value)
    for (const [id, value] of hostileValues.entries()) insert.run(id, plain(value))

    const result = await judged(hostileValues, {
      dialect: sqlite(),
      schema: 'main',
      read: async (sql) => JSON.stringify(notes.prepare(sql).all()),
      bound: async (owner) =>
        JSON.stringify(
          notes.prepare('SELECT id FROM notes WHERE owner = ? ORDER BY id').all(plain(owner)),
        ),
    })

    notes.close()
    expect(result).toEqual({ wrong: [], refused: [] })
  })

  it.skipIf(!inject('reachable').postgres)(
    'is for PostgreSQL what it is as a parameter',
    async () => {
      const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }
      const admin = new pg.Client({ ...server, database: 'postgres' })
      await admin.connect()
      await admin.query(`CREATE DATABASE ${database}`)
      const client = new pg.Client({ ...server, database })
      await client.connect()
      await client.query('CREATE TABLE notes (id integer PRIMARY KEY, owner text)')
      for (const [id, value] of texts.entries()) {
        await client.query('INSERT INTO notes VALUES ($1, $2)', [id, value])
      }
      const results = []
      for (const conforming of ['on', 'off']) {
        await client.query(`SET standard_conforming_strings = ${conforming}`)
        results.push(
          await judged(texts, {
            dialect: postgres(),
            schema: 'public',
            read: async (sql) => JSON.stringify((await client.query(sql)).rows),
            bound: async (owner) =>
              JSON.stringify(
                (await client.query('SELECT id FROM notes WHERE owner = $1 ORDER BY id', [owner]))
                  .rows,
              ),
          }),
        )
      }

      await client.end()
      await admin.query(`DROP DATABASE ${database}`)
      await admin.end()
      expect(results.map(({ wrong }) => wrong)).toEqual([[], []])
      // A backslash is an escape or none, as the server is set.
      expect(results[0]?.refused).toEqual(texts.filter((text) => text.includes('\\')))
    },
  )

  it.skipIf(!inject('reachable').mariadb)('is for MariaDB what it is as a parameter', async () => {
    const client = await createConnection({ host: '127.0.0.1', user: 'root', charset: 'utf8mb4' })
    await client.query(`CREATE DATABASE ${database}`)
    await client.query(`USE ${database}`)
    await client.query(
      'CREATE TABLE notes (id integer PRIMARY KEY, owner text CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin)',
    )
    for (const [id, value] of texts.entries()) {
      await client.execute('INSERT INTO notes VALUES (?, ?)', [id, value])
    }
    const results = []
    for (const mode of ['', 'NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES']) {
      await client.query(`SET SESSION sql_mode = '${mode}'`)
      results.push(
        await judged(texts, {
          dialect: mysql(),
          schema: database,
          read: async (sql) => JSON.stringify((await client.query(sql))[0]),
          bound: async (owner) =>
            JSON.stringify(
              (
                await client.execute('SELECT id FROM notes WHERE owner = ? ORDER BY id', [owner])
              )[0],
            ),
        }),
      )
    }

    await client.query(`DROP DATABASE ${database}`)
    await client.end()
    expect(results.map(({ wrong }) => wrong)).toEqual([[], [], []])
    // A backslash is an escape or none, as the server is set.
    expect(results[0]?.refused).toEqual(texts.filter((text) => text.includes('\\')))
  })
})
