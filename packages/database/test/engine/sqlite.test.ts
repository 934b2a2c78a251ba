import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqlite } from '@t2t/database/sqlite'
import { engineContract, engineContractData, type EngineSubject } from '@t2t/database/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { hasSqlite } from './has-sqlite.ts'

const folders: string[] = []
const calm = new AbortController().signal

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function fileWith(statements: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'database-'))
  folders.push(folder)
  const path = join(folder, 'planets.db')
  const writer = new DatabaseSync(path)
  for (const statement of statements) writer.exec(statement)
  writer.close()
  return path
}

const inFile: EngineSubject = {
  binaryExpression: "x'00ff'",
  async open({ now } = {}) {
    const path = fileWith(engineContractData)
    return {
      engine: sqlite({ path, now }),
      async fingerprint() {
        return JSON.stringify([
          readdirSync(join(path, '..')),
          readFileSync(path).toString('base64'),
          readdirSync('.'),
        ])
      },
    }
  },
}

const inMemory: EngineSubject = {
  binaryExpression: "x'00ff'",
  async open({ now } = {}) {
    const database = new DatabaseSync(':memory:')
    for (const statement of engineContractData) database.exec(statement)
    return {
      engine: sqlite({ database, now }),
      async fingerprint() {
        const look = (sql: string): unknown => database.prepare(sql).all()
        return JSON.stringify([
          look('SELECT * FROM sqlite_schema'),
          look('SELECT * FROM sqlite_temp_schema'),
          look('SELECT * FROM planets'),
          look('SELECT * FROM moons'),
          database.isTransaction,
        ])
      },
    }
  },
}

const inOwnProcess: EngineSubject = {
  binaryExpression: "x'00ff'",
  async open({ now } = {}) {
    const path = fileWith(engineContractData)
    return {
      engine: sqlite({ path, now, runsIn: 'own-process' }),
      async fingerprint() {
        return JSON.stringify([
          readdirSync(join(path, '..')),
          readFileSync(path).toString('base64'),
          readdirSync('.'),
        ])
      },
    }
  },
}

/** Counts for hours and gives one row at the end. */
const eternity =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'

describe.skipIf(!hasSqlite)('sqlite in a process of its own', () => {
  const caps = { maxRows: 10, maxBytes: 10_000, timeoutMs: 60_000 }

  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(inOwnProcess)).resolves.toBeUndefined()
  })

  it('ends a statement that gives nothing, and reads on for the others', async () => {
    const engine = sqlite({ path: fileWith(engineContractData), runsIn: 'own-process' })
    await engine.ping(calm)

    const endless = engine.read(eternity, { ...caps, timeoutMs: 50 }, calm)
    const other = engine.read('SELECT 7 AS seven', caps, calm)

    await expect(endless).rejects.toMatchObject({ code: 'DATABASE_QUERY_TIMED_OUT' })
    expect((await other).rows).toEqual([[7]])
    await engine.close()
  })

  it('ends a statement that gives nothing when it is closed', async () => {
    const engine = sqlite({ path: fileWith(engineContractData), runsIn: 'own-process' })
    await engine.ping(calm)

    const endless = engine.read(eternity, caps, calm).catch((error: unknown) => error)
    await engine.close()

    expect(await endless).toMatchObject({ code: 'DATABASE_CLOSED' })
  })

  it('begins the time of a reading when its process has started', async () => {
    let time = 0
    const path = fileWith(engineContractData)
    const engine = sqlite({ path, runsIn: 'own-process', now: () => time })

    const reading = engine.read('SELECT 7', { ...caps, timeoutMs: 1_000 }, calm)
    time = 30_000
    const { rows } = await reading

    await engine.close()
    expect(rows).toEqual([[7]])
  })

  it('reads on when a reading was aborted while its process started', async () => {
    const engine = sqlite({ path: fileWith(engineContractData), runsIn: 'own-process' })
    const reason = new Error('enough')

    const aborting = new AbortController()
    const endless = engine.read(eternity, caps, aborting.signal).catch((error: unknown) => error)
    aborting.abort(reason)
    const { rows } = await engine.read('SELECT 7', caps, calm)

    await engine.close()
    expect(await endless).toBe(reason)
    expect(rows).toEqual([[7]])
  })

  it('needs a file that is there', () => {
    const path = fileWith([])

    expect(() => sqlite({ runsIn: 'own-process' })).toThrow('needs path')
    expect(() => sqlite({ path: `${path}.gone`, runsIn: 'own-process' })).toThrow('SQLite')
  })
})

describe.skipIf(!hasSqlite)('sqlite with a file', () => {
  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(inFile)).resolves.toBeUndefined()
  })

  it('sees what others write to the file', async () => {
    const path = fileWith(engineContractData)
    const engine = sqlite({ path })
    const writer = new DatabaseSync(path)

    writer.exec("INSERT INTO moons VALUES (4, 1, 'Second')")
    const { rows } = await engine.read(
      'SELECT count(*) FROM moons',
      { maxRows: 1, maxBytes: 100, timeoutMs: 1_000 },
      calm,
    )

    writer.close()
    await engine.close()
    expect(rows).toEqual([[4]])
  })

  it('says that a locked file is worth another attempt', async () => {
    const path = fileWith(engineContractData)
    const engine = sqlite({ path })
    const writer = new DatabaseSync(path)
    writer.exec('BEGIN EXCLUSIVE')

    const failure = await engine
      .read('SELECT 1 FROM moons', { maxRows: 1, maxBytes: 100, timeoutMs: 1_000 }, calm)
      .catch((error: unknown) => error)

    writer.close()
    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_QUERY_FAILED', retryable: true })
  })

  it('fails at once on a file that does not exist', () => {
    expect(() => sqlite({ path: '/nowhere/at/all.db' })).toThrow(
      expect.objectContaining({ code: 'DATABASE_QUERY_FAILED' }),
    )
  })

  it('refuses what gives no rows, although it would do nothing', async () => {
    const engine = sqlite({ path: fileWith(['CREATE TABLE bare (id)']) })

    const failure = await engine
      .read('REINDEX', { maxRows: 1, maxBytes: 100, timeoutMs: 1_000 }, calm)
      .catch((error: unknown) => error)

    await engine.close()
    expect(failure).toMatchObject({ code: 'DATABASE_STATEMENT_REFUSED' })
  })

  it('wants exactly one source', () => {
    expect(() => sqlite({})).toThrow(expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' }))
  })
})

describe.skipIf(!hasSqlite)('sqlite in memory', () => {
  it.for(engineContract)('$promise', async ({ check }) => {
    await expect(check(inMemory)).resolves.toBeUndefined()
  })
})

describe.skipIf(!hasSqlite)('introspection of sqlite', () => {
  it('follows generated columns to all their sources', async () => {
    const engine = sqlite({
      path: fileWith([
        `CREATE TABLE people ("first" TEXT, second TEXT, ssn TEXT, -- ssn, second
          masked TEXT GENERATED ALWAYS AS (substr(ssn, 1, 3)),
          [long one] TEXT AS (masked || "first") STORED, plain TEXT DEFAULT ('second'))`,
      ]),
    })

    const { tables } = await engine.introspect(calm)
    await engine.close()

    expect(tables[0]?.columns.map(({ name, generatedFrom }) => [name, generatedFrom])).toEqual([
      ['first', undefined],
      ['second', undefined],
      ['ssn', undefined],
      ['masked', ['ssn']],
      ['long one', ['first', 'ssn', 'masked']],
      ['plain', undefined],
    ])
  })

  it('knows full-text tables, and no others by what they are called', async () => {
    const engine = sqlite({
      path: fileWith([
        'CREATE VIRTUAL TABLE notes USING fts5(title, body)',
        'CREATE VIRTUAL TABLE IF NOT EXISTS [old using] /* fts5 */ USING fts4(body)',
        'CREATE VIRTUAL TABLE "x USING fts5" USING rtree(id, low, high)',
        "CREATE TABLE plain (a TEXT DEFAULT 'VIRTUAL USING fts5')",
      ]),
    })

    const { tables } = await engine.introspect(calm)
    await engine.close()

    const found = tables.filter(({ isFullText }) => isFullText === true)
    expect(found.map(({ name }) => name)).toEqual(['notes', 'old using'])
    expect(tables.map(({ name }) => name)).toContain('plain')
  })

  it('cuts the SELECT out of a view, whatever its name', async () => {
    const engine = sqlite({
      path: fileWith([
        'CREATE TABLE t (a)',
        'CREATE VIEW "as view" (b, "as") AS /* as */ SELECT a, a AS c FROM t',
      ]),
    })

    const { tables } = await engine.introspect(calm)
    await engine.close()

    expect(tables.find(({ kind }) => kind === 'view')?.definition).toBe(
      '/* as */ SELECT a, a AS c FROM t',
    )
  })

  it('takes estimates from ANALYZE and leaves broken views out', async () => {
    const engine = sqlite({
      path: fileWith([
        'CREATE TABLE t (a INTEGER PRIMARY KEY, b); CREATE INDEX by_b ON t (b)',
        'INSERT INTO t (b) VALUES (1), (2), (3); ANALYZE',
        'CREATE TABLE gone (a); CREATE VIEW broken AS SELECT a FROM gone; DROP TABLE gone',
      ]),
    })

    const { tables } = await engine.introspect(calm)
    await engine.close()

    expect(tables.map(({ name, estimatedRows }) => [name, estimatedRows])).toEqual([['t', 3]])
  })
})
