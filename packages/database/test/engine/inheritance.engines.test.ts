import { postgres } from '@t2t/database/postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createDatabaseWith, dropDatabase, serverUrl } from './postgres-server.ts'

const name = `t2t_inheritance_${process.pid}`

describe.skipIf(!inject('reachable').postgres)('introspection of postgres', () => {
  beforeAll(() =>
    createDatabaseWith(name, [
      'CREATE TABLE visits (id integer) PARTITION BY LIST (id)',
      'CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1)',
      'CREATE TABLE named (name text)',
      'CREATE TABLE people (id integer)',
      'CREATE TABLE staff () INHERITS (people, named)',
    ]),
  )

  afterAll(() => dropDatabase(name))

  it('says which tables a table is a part of', async () => {
    await using engine = closing(postgres({ url: `${serverUrl}${name}` }))

    const { tables } = await engine.introspect(new AbortController().signal)

    const parents = tables.map((table) => [table.name, table.parents?.map((each) => each.table)])
    expect(Object.fromEntries(parents)).toEqual({
      named: undefined,
      people: undefined,
      staff: ['people', 'named'],
      visits: undefined,
      visits_1: ['visits'],
    })
    expect(tables.at(-1)?.parents).toEqual([{ schema: 'public', table: 'visits' }])
  })
})

function closing(engine: ReturnType<typeof postgres>) {
  return { ...engine, [Symbol.asyncDispose]: () => engine.close() }
}
