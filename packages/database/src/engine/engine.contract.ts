import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { isDatabaseError } from '../errors/errors.ts'
import type { Now } from '../read/deadline.ts'
import type { ReadCaps, ReadResult } from '../read/read.ts'
import type { Engine } from './engine.ts'
import { hostileTexts, stickyTexts } from './hostile-texts.ts'

/** What {@link engineContract} needs of the engine that it examines. */
export interface EngineSubject {
  /** Opens an engine over a fresh database in which {@link engineContractData} was run. */
  open(options?: { readonly now?: Now | undefined }): Promise<OpenedEngine>
  /** An expression of the dialect whose value are the two bytes 00 and FF. */
  readonly binaryExpression: string
  /**
   * What a value is cast to for a 64-bit integer.
   * @defaultValue `'BIGINT'`
   */
  readonly integerType?: string | undefined
  /**
   * A statement that gives the integers from 1 to `rows`, one row after the other.
   * @defaultValue a recursive common table expression
   */
  readonly counting?: ((rows: number) => string) | undefined
}

/** An engine under examination. */
export interface OpenedEngine {
  readonly engine: Engine
  /**
   * Describes everything that a statement could change, past the engine: tables, rows, settings of
   * the session, locks, prepared statements, files.
   */
  fingerprint(): Promise<string>
}

/** One promise of the contract and the check that tries to break it. */
export interface EngineContractCase {
  readonly promise: string
  readonly check: (subject: EngineSubject) => Promise<void>
}

/** Statements that every examined database has run: portable between the dialects. */
export const engineContractData: readonly string[] = [
  'CREATE TABLE planets (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT)',
  'CREATE TABLE moons (id BIGINT NOT NULL PRIMARY KEY, planet_id BIGINT NOT NULL REFERENCES planets (id), name TEXT)',
  'CREATE VIEW moon_names AS SELECT planets.name AS planet, moons.name AS moon FROM moons JOIN planets ON planets.id = moons.planet_id',
  "INSERT INTO planets VALUES (1, 'Earth', 'home'), (2, 'Mars', NULL)",
  "INSERT INTO moons VALUES (1, 1, 'Moon'), (2, 2, 'Phobos'), (3, 2, 'Deimos')",
]

const calm = new AbortController().signal
const generous: ReadCaps = { maxRows: 1_000, maxBytes: 1_000_000, timeoutMs: 60_000 }
const boundless: ReadCaps = { ...generous, maxRows: 1e9, maxBytes: 1e9 }

const recursion = (rows: number): string =>
  `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n`

async function rowsOf(engine: Engine, sql: string): Promise<ReadResult['rows']> {
  return (await engine.read(sql, generous, calm)).rows
}

async function errorOf(reading: Promise<unknown>): Promise<unknown> {
  return reading.then(
    () => assert.fail('The reading gave rows.'),
    (error: unknown) => error,
  )
}

function codeOf(error: unknown): string {
  return isDatabaseError(error) ? error.code : `no error of this package: ${String(error)}`
}

async function withEngine(
  subject: EngineSubject,
  body: (opened: OpenedEngine) => Promise<void>,
  now?: Now,
): Promise<void> {
  const opened = await subject.open({ now })
  try {
    await body(opened)
  } finally {
    await opened.engine.close()
  }
}

/** The statement that counts, in the words of the subject. */
const countingOf = ({ counting = recursion }: EngineSubject): ((rows: number) => string) => counting

const promise = (
  text: string,
  body: (opened: OpenedEngine, subject: EngineSubject) => Promise<void>,
  now?: () => Now,
): EngineContractCase => ({
  promise: text,
  check: (subject) => withEngine(subject, (opened) => body(opened, subject), now?.()),
})

/** A clock that moves by a second whenever it is read. */
const hurriedClock = (): Now => {
  let time = 0
  return () => (time += 1_000)
}

/**
 * What every {@link Engine} must hold.
 *
 * @example
 * ```ts
 * import { engineContract, type EngineSubject } from '@t2t/database/testing'
 *
 * export async function examine(subject: EngineSubject): Promise<void> {
 *   for (const { check } of engineContract) await check(subject)
 * }
 * ```
 */
export const engineContract: readonly EngineContractCase[] = [
  promise('gives names and rows in the order of the statement', async ({ engine }) => {
    const result = await engine.read('SELECT name, id FROM moons ORDER BY id DESC', generous, calm)

    assert.deepEqual(
      result.columns.map(({ name }) => name),
      ['name', 'id'],
    )
    assert.deepEqual(result.rows, [
      ['Deimos', 3],
      ['Phobos', 2],
      ['Moon', 1],
    ])
    assert.equal(result.truncated, undefined)
  }),
  promise('names the columns of an empty result', async ({ engine }) => {
    const result = await engine.read('SELECT id AS nobody FROM moons WHERE id < 0', generous, calm)

    assert.deepEqual([result.columns[0]?.name, result.rows], ['nobody', []])
  }),
  promise('keeps columns apart that have the same name', async ({ engine }) => {
    assert.deepEqual(await rowsOf(engine, 'SELECT 1 AS a, 2 AS a'), [[1, 2]])
  }),
  promise('gives integers beyond 2^53 as text, exactly', async ({ engine }, subject) => {
    const { integerType = 'BIGINT' } = subject
    const sql = `SELECT CAST(9223372036854775807 AS ${integerType}) AS big,
      CAST(-9007199254740993 AS ${integerType}) AS odd, CAST(9007199254740991 AS ${integerType}) AS safe`

    assert.deepEqual(await rowsOf(engine, sql), [
      ['9223372036854775807', '-9007199254740993', 9007199254740991],
    ])
  }),
  promise('gives binary as base64 and an absent value as null', async ({ engine }, subject) => {
    const sql = `SELECT ${subject.binaryExpression} AS bytes, NULL AS absent`

    assert.deepEqual(await rowsOf(engine, sql), [['AP8=', null]])
  }),
  promise('stops at the row cap and says so', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    const caps = { ...generous, maxRows: 700 }

    const result = await engine.read(`${counting(1_000_000)} LIMIT 5000`, caps, calm)

    assert.equal(result.rows.length, 700)
    assert.deepEqual(result.truncated, { cap: 'rows', limit: 700 })
  }),
  promise('says nothing about a cap that was met exactly', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    for (const count of [3, 200, 500]) {
      const caps = { ...generous, maxRows: count }
      const result = await engine.read(counting(count), caps, calm)
      assert.deepEqual([result.rows.length, result.truncated], [count, undefined])
    }
  }),
  promise('stops at the byte cap and says so', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    const caps = { ...generous, maxBytes: 50 }

    const result = await engine.read(counting(1_000_000), caps, calm)

    assert.ok(JSON.stringify(result.rows).length <= 52)
    assert.ok(result.rows.length > 5)
    assert.deepEqual(result.truncated, { cap: 'bytes', limit: 50 })
  }),
  promise(
    'ends a reading that takes too long, and answers afterwards',
    async ({ engine }, subject) => {
      const counting = countingOf(subject)
      const tooLong = await errorOf(
        engine.read(counting(1e9), { ...boundless, timeoutMs: 5_000 }, calm),
      )

      assert.equal(codeOf(tooLong), 'DATABASE_QUERY_TIMED_OUT')
      assert.deepEqual(await rowsOf(engine, 'SELECT 7 AS seven'), [[7]])
    },
    hurriedClock,
  ),
  promise('rejects with the reason of a signal that is aborted already', async ({ engine }) => {
    const reason = new Error('gone')

    const error = await errorOf(engine.read('SELECT 1', generous, AbortSignal.abort(reason)))

    assert.equal(error, reason)
  }),
  promise(
    'ends a running reading on abort, and answers afterwards',
    async ({ engine }, subject) => {
      const counting = countingOf(subject)
      const controller = new AbortController()
      const reason = new Error('enough')

      const reading = errorOf(engine.read(counting(1e9), boundless, controller.signal))
      await setImmediate()
      controller.abort(reason)

      assert.equal(await reading, reason)
      assert.deepEqual(await rowsOf(engine, 'SELECT 7 AS seven'), [[7]])
    },
  ),
  promise('ends a running reading when it is closed', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    const reading = errorOf(engine.read(counting(1e9), boundless, calm))
    await setImmediate()
    await engine.close()

    assert.equal(codeOf(await reading), 'DATABASE_CLOSED')
  }),
  promise('reads for several callers at the same time', async ({ engine }, subject) => {
    const counting = countingOf(subject)
    const sizes = [1_000, 3, 600, 1]

    const results = await Promise.all(
      sizes.map((size) => engine.read(counting(size), generous, calm)),
    )

    assert.deepEqual(
      results.map(({ rows }) => rows.length),
      sizes,
    )
  }),
  promise('lets nothing run that is not one reading statement', async (opened) => {
    const before = await opened.fingerprint()

    for (const sql of hostileTexts(opened.engine.dialect)) {
      const outcome = await opened.engine.read(sql, generous, calm).then(
        () => 'gave rows',
        (error: unknown) => codeOf(error),
      )
      assert.match(outcome, /^DATABASE_(STATEMENT_REFUSED|QUERY_FAILED)$/, sql)
      assert.equal(await opened.fingerprint(), before, sql)
    }
  }),
  promise('leaves nothing behind of what a statement set', async (opened) => {
    const before = await opened.fingerprint()

    for (const sql of stickyTexts(opened.engine.dialect)) {
      await opened.engine.read(sql, generous, calm).catch((error: unknown) => {
        assert.match(codeOf(error), /^DATABASE_(STATEMENT_REFUSED|QUERY_FAILED)$/, sql)
      })
      assert.equal(await opened.fingerprint(), before, sql)
    }
  }),
  promise('names what is wrong with a statement, and no value', async ({ engine }, subject) => {
    const { integerType = 'BIGINT' } = subject
    const unknown = await errorOf(engine.read('SELECT colour FROM moons', generous, calm))
    const spoiled = await errorOf(
      engine.read(
        `SELECT CAST('secret' AS ${integerType}) / 0, json('secret') FROM moons`,
        generous,
        calm,
      ),
    )

    assert.equal(codeOf(unknown), 'DATABASE_QUERY_FAILED')
    assert.match(String(unknown), /colour/)
    assert.equal(codeOf(spoiled), 'DATABASE_QUERY_FAILED')
    assert.doesNotMatch(String(spoiled), /secret/)
  }),
  promise('describes tables, views, columns and keys', async ({ engine }) => {
    const { dialect, version, searchPath, tables } = await engine.introspect(calm)
    const [view, moons, planets] = tables

    assert.deepEqual([dialect, searchPath.length], [engine.dialect, 1])
    assert.match(version, /^[0-9a-f]{16}$/)
    assert.deepEqual(
      tables.map(({ name, kind }) => `${kind} ${name}`),
      ['view moon_names', 'table moons', 'table planets'],
    )
    assert.deepEqual(
      view?.columns.map(({ name }) => name),
      ['planet', 'moon'],
    )
    assert.match(view?.definition ?? '', /^SELECT\b[\s\S]*\bJOIN\b/i)
    assert.deepEqual(moons?.primaryKey, ['id'])
    assert.deepEqual(moons?.foreignKeys, [
      {
        columns: ['planet_id'],
        references: { schema: moons?.schema, table: 'planets', columns: ['id'] },
      },
    ])
    assert.deepEqual(
      planets?.columns.map(({ name, isNullable }) => [name, isNullable]),
      [
        ['id', false],
        ['name', false],
        ['note', true],
      ],
    )
    assert.match(planets?.columns[0]?.type ?? '', /^bigint\b/i)
  }),
  promise('gives the same version for the same content', async ({ engine }) => {
    const [one, other] = [await engine.introspect(calm), await engine.introspect(calm)]

    assert.deepEqual(one, other)
  }),
  promise('answers a ping while it is open, and closes once', async ({ engine }) => {
    await engine.ping(calm)
    await engine.close()
    await engine.close()

    assert.equal(codeOf(await errorOf(engine.ping(calm))), 'DATABASE_CLOSED')
    assert.equal(codeOf(await errorOf(engine.read('SELECT 1', generous, calm))), 'DATABASE_CLOSED')
    assert.equal(codeOf(await errorOf(engine.introspect(calm))), 'DATABASE_CLOSED')
  }),
]
