import { randomBytes } from 'node:crypto'
import { migrateSessions, sqlStore } from '@t2t/sessions/sql'
import { sessionStoreContract } from '@t2t/sessions/testing'
import { Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import { createPool } from 'mysql2'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

const name = `t2t_sessions_${randomBytes(5).toString('hex')}`

const servers = {
  postgres: {
    run: async (statement: string) => {
      const client = new pg.Client('postgres://postgres@127.0.0.1:5432/postgres')
      await client.connect()
      await client.query(statement)
      await client.end()
    },
    open: () =>
      new Kysely<object>({
        dialect: new PostgresDialect({
          pool: new pg.Pool({ connectionString: `postgres://postgres@127.0.0.1:5432/${name}` }),
        }),
      }),
  },
  mariadb: {
    run: async (statement: string) => {
      const connection = await mysql.createConnection({ host: '127.0.0.1', user: 'root' })
      await connection.query(statement)
      await connection.end()
    },
    open: () =>
      new Kysely<object>({
        dialect: new MysqlDialect({
          pool: createPool({ host: '127.0.0.1', user: 'root', database: name }),
        }),
      }),
  },
} as const

describe.for(['postgres', 'mariadb'] as const)('a SQL store on %s', (server) => {
  const { open, run } = servers[server]

  describe.skipIf(!inject('reachable')[server])('that is reachable', () => {
    let db: Kysely<object>
    beforeAll(async () => {
      await run(`CREATE DATABASE ${name}`)
      db = open()
    })
    afterAll(async () => {
      await db.destroy()
      await run(`DROP DATABASE ${name}`)
    })

    it('is migrated once when several processes start at the same time', async () => {
      const others = [open(), open(), open()]

      const steps = await Promise.all(others.map((other) => migrateSessions(other)))

      expect(steps.flat()).toEqual(['2026-11-21-sessions'])
      await Promise.all(others.map((other) => other.destroy()))
    })

    it.for(sessionStoreContract)('$promise', async ({ check }) => {
      await migrateSessions(db, { to: 'nothing' })
      await migrateSessions(db)

      await expect(check(async (options) => sqlStore({ ...options, db }))).resolves.toBeUndefined()
    })
  })
})
