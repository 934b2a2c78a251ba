import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isSessionsError } from '@t2t/sessions'
import { migrateSessions, nodeSqliteDialect, sqlStore } from '@t2t/sessions/sql'
import { sessionStoreContract } from '@t2t/sessions/testing'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

function open(path = ':memory:'): Kysely<object> {
  return new Kysely<object>({ dialect: nodeSqliteDialect(new DatabaseSync(path)) })
}

describe('a SQL store on SQLite', () => {
  it.for(sessionStoreContract)('$promise', async ({ check }) => {
    const db = open()
    await migrateSessions(db)

    await expect(check(async (options) => sqlStore({ ...options, db }))).resolves.toBeUndefined()

    await db.destroy()
  })

  it('says that its database failed without saying what was in the statement', async () => {
    const db = open()
    const store = sqlStore({ db })

    const failure = await store.sessions.create({ owner: 'ada' }).catch((error: unknown) => error)

    expect(isSessionsError(failure)).toBe(true)
    expect(failure).toMatchObject({
      code: 'SESSIONS_STORE_FAILED',
      message: 'The database of the session store failed.',
    })
    await db.destroy()
  })

  it('leaves the database open when it is closed', async () => {
    const db = open()
    await migrateSessions(db)

    await sqlStore({ db }).close()

    const session = await sqlStore({ db }).sessions.create({ owner: 'ada' })
    expect(session.owner).toBe('ada')
    await db.destroy()
  })
})

describe('a SQL store in a file', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 't2t-sessions-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('finds everything again after it was opened anew', async () => {
    const path = join(folder, 'sessions.db')
    const first = open(path)
    await migrateSessions(first)
    const { id } = await sqlStore({ db: first }).sessions.create({ owner: 'ada' })
    const key = { owner: 'ada', id }
    await sqlStore({ db: first }).messages.append(key, { role: 'user', content: 'still here' })
    await first.destroy()

    const second = open(path)
    const messages = await sqlStore({ db: second }).messages.list(key)

    expect(messages.map(({ content }) => content)).toEqual(['still here'])
    await second.destroy()
  })

  it('is migrated once when several connections start at the same time', async () => {
    const path = join(folder, 'sessions.db')
    const connections = [open(path), open(path), open(path)]

    const steps = await Promise.all(connections.map((db) => migrateSessions(db)))

    expect(steps.flat()).toEqual(['2026-11-21-sessions'])
    await Promise.all(connections.map((db) => db.destroy()))
  })

  it('takes turns when several connections write at the same time', async () => {
    const path = join(folder, 'sessions.db')
    const connections = [open(path), open(path), open(path)]
    for (const db of connections) await migrateSessions(db)
    const [first, ...others] = connections.map((db) => sqlStore({ db }))
    if (first === undefined) throw new Error('No store.')
    const key = { owner: 'ada', id: (await first.sessions.create({ owner: 'ada' })).id }

    await Promise.all(
      [first, ...others].flatMap((store) =>
        Array.from({ length: 20 }, (_, index) =>
          store.messages.append(key, { role: 'user', content: String(index) }),
        ),
      ),
    )

    const sequences = (await first.messages.list(key)).map(({ sequence }) => sequence)
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    await Promise.all(connections.map((db) => db.destroy()))
  })

  it('can be taken away and made anew', async () => {
    const db = open(join(folder, 'sessions.db'))
    await migrateSessions(db)
    await sqlStore({ db }).sessions.create({ owner: 'ada' })

    const back = await migrateSessions(db, { to: 'nothing' })
    const tables = (await db.introspection.getTables()).map(({ name }) => name)
    const forward = await migrateSessions(db)

    expect(back).toEqual(forward)
    expect(tables.filter((name) => !name.startsWith('t2t_sessions_migration'))).toEqual([])
    await expect(sqlStore({ db }).sessions.list({ owner: 'ada' })).resolves.toMatchObject({
      items: [],
    })
    await db.destroy()
  })
})
