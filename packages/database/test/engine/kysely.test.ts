import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { kysely } from '@t2t/database/kysely'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import { Kysely, MssqlAdapter, PGliteDialect, SqliteDialect, type SqliteDatabase } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSqlite } from './has-sqlite.ts'

const calm = new AbortController().signal
const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }

/** What Kysely wants of a SQLite driver, made of the one that Node has. */
function driverOf(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: () => statement.all(),
        run: () => statement.run(),
        iterate: () => statement.iterate(),
      }
    },
  }
}

describe.skipIf(!hasSqlite)('a Kysely instance of a SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kysely-'))
  const path = join(folder, 'planets.db')
  const writer = new DatabaseSync(path)
  for (const statement of engineContractData) writer.exec(statement)
  const instance = new Kysely<unknown>({
    dialect: new SqliteDialect({ database: driverOf(writer) }),
  })

  afterAll(async () => {
    await instance.destroy()
    rmSync(folder, { recursive: true })
  })

  const subject: EngineSubject = {
    binaryExpression: "x'00ff'",
    open: async ({ now } = {}) => ({
      engine: await kysely({ instance, now }),
      fingerprint: async () =>
        JSON.stringify([
          readdirSync(folder),
          readFileSync(path).toString('base64'),
          readdirSync('.'),
        ]),
    }),
  }

  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('stays open and may write, which the engine sees', async () => {
    const engine = await kysely({ instance, runsIn: 'own-process' })
    writer.exec('CREATE TABLE comets (id INTEGER); INSERT INTO comets VALUES (7)')

    const { rows } = await engine.read('SELECT id FROM comets', caps, calm)
    await engine.close()

    expect(rows).toEqual([[7]])
    expect(writer.prepare('SELECT count(*) AS n FROM comets').get()).toEqual({ n: 1 })
  })

  it('must have a file', async () => {
    const database = driverOf(new DatabaseSync(':memory:'))
    const inMemory = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) })

    await expect(kysely({ instance: inMemory })).rejects.toMatchObject({
      code: 'DATABASE_OPTION_INVALID',
    })
    await inMemory.destroy()
  })
})

describe('a Kysely instance of PGlite', () => {
  let client: PGlite
  let instance: Kysely<unknown>

  beforeAll(async () => {
    client = await PGlite.create()
    for (const statement of engineContractData) await client.exec(statement)
    instance = new Kysely({ dialect: new PGliteDialect({ pglite: client }) })
  }, 240_000)

  afterAll(() => instance.destroy())

  const subject: EngineSubject = {
    binaryExpression: String.raw`'\x00ff'::bytea`,
    open: async ({ now } = {}) => ({
      engine: await kysely({ instance, pglite: client, now }),
      async fingerprint() {
        const results = await client.exec(`
          SELECT relname, relkind FROM pg_class ORDER BY oid;
          SELECT * FROM moons ORDER BY id;
          SELECT name, setting FROM pg_settings WHERE name <> 'transaction_isolation' ORDER BY name;
          SELECT locktype FROM pg_locks WHERE locktype = 'advisory';
          SELECT name FROM pg_prepared_statements;
          SELECT oid FROM pg_largeobject_metadata`)
        return JSON.stringify(results.map(({ rows }) => rows))
      },
    }),
  }

  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(subject)).resolves.toBeUndefined()
  })

  it('must be given with its PGlite', async () => {
    await expect(kysely({ instance })).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
  })
})

describe('a Kysely instance of another dialect', () => {
  it('is refused', async () => {
    const instance = {
      getExecutor: () => ({ adapter: new MssqlAdapter() }),
      executeQuery: () => Promise.reject(new Error('Nobody should ask.')),
    }

    await expect(kysely({ instance })).rejects.toMatchObject({
      code: 'DATABASE_ENGINE_UNSUPPORTED',
    })
  })
})
