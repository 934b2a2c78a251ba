import assert from 'node:assert/strict'
import { type EngineContractCase, calm, codeOf, errorOf, generous, promise } from './subject.ts'

/** Cases about what is told about the database itself. */
export const catalogCases: readonly EngineContractCase[] = [
  promise('describes tables, views, columns and keys', async ({ engine }, subject) => {
    const { keyType = /^bigint\b/i, hasForeignKeys = true } = subject
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
    const toPlanets = {
      columns: ['planet_id'],
      references: { schema: moons?.schema, table: 'planets', columns: ['id'] },
    }
    assert.deepEqual(moons?.foreignKeys, hasForeignKeys ? [toPlanets] : [])
    assert.deepEqual(
      planets?.columns.map(({ name, isNullable }) => [name, isNullable]),
      [
        ['id', false],
        ['name', false],
        ['note', true],
      ],
    )
    assert.match(planets?.columns[0]?.type ?? '', keyType)
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
