import { PGlite } from '@electric-sql/pglite'
import { migrateSessions, sqlStore } from '@t2t/sessions/sql'
import { sessionStoreContract } from '@t2t/sessions/testing'
import { Kysely, PGliteDialect } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

describe('a SQL store on PostgreSQL', () => {
  let db: Kysely<object>
  beforeAll(async () => {
    db = new Kysely<object>({ dialect: new PGliteDialect({ pglite: await PGlite.create() }) })
  })
  afterAll(() => db.destroy())

  it.for(sessionStoreContract)('$promise', async ({ check }) => {
    await migrateSessions(db, { to: 'nothing' })
    await migrateSessions(db)

    await expect(check(async (options) => sqlStore({ ...options, db }))).resolves.toBeUndefined()
  })
})
