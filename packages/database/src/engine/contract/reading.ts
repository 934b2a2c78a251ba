import assert from 'node:assert/strict'
import { type EngineContractCase, calm, countingOf, generous, promise, rowsOf } from './subject.ts'

/** Cases about what is read, and how much of it. */
export const readingCases: readonly EngineContractCase[] = [
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
  promise('keeps columns apart that have the same name', async ({ engine }, subject) => {
    const { sameNames = 'SELECT 1 AS a, 2 AS a' } = subject
    assert.deepEqual(await rowsOf(engine, sameNames), [[1, 2]])
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
    assert.deepEqual(result.truncated, { cap: 'rows', limit: 700, rowsSeen: 701 })
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
    const rowsSeen = result.rows.length + 1
    assert.deepEqual(result.truncated, { cap: 'bytes', limit: 50, rowsSeen })
  }),
  promise('shortens values above the cap on one value and says so', async ({ engine }) => {
    const sql = `SELECT id, name, '${'é'.repeat(40)}' AS prose FROM moons ORDER BY id`

    const cut = await engine.read(sql, { ...generous, maxCellBytes: 10 }, calm)
    const whole = await engine.read(sql, { ...generous, maxCellBytes: 80 }, calm)

    assert.deepEqual(cut.rows, [
      [1, 'Moon', 'ééé…'],
      [2, 'Phobos', 'ééé…'],
      [3, 'Deimos', 'ééé…'],
    ])
    assert.deepEqual(cut.cutCells, { count: 3, limit: 10, columns: [2] })
    assert.deepEqual([cut.truncated, whole.cutCells], [undefined, undefined])
    assert.equal(whole.rows[0]?.[2], 'é'.repeat(40))
  }),
]
