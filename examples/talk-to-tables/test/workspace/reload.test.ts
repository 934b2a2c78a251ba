import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkConfig } from '../../server/config/read-config.ts'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

const folder = mkdtempSync(join(tmpdir(), 't2t-workspace-'))
const fileWith = (name: string, sql: string): string => {
  const path = join(folder, name)
  using database = new DatabaseSync(path)
  database.exec(sql)
  return path
}
afterAll(() => rmSync(folder, { recursive: true }))

describe('several databases', () => {
  let server: TestServer
  beforeAll(async () => {
    const library = fileWith(
      'library.sqlite',
      'CREATE TABLE books (id, title); INSERT INTO books VALUES (1, 1)',
    )
    const garage = fileWith(
      'garage.sqlite',
      'CREATE TABLE cars (id, title); CREATE TABLE repairs (id)',
    )
    server = await startServer({
      config: checkConfig({
        auth: { anonymous: 'anyone' },
        roles: { anyone: { policies: ['all'] } },
        policies: { all: {} },
        databases: [
          { name: 'library', engine: 'sqlite', path: library },
          { name: 'garage', engine: 'sqlite', path: garage },
        ],
        log: { level: 'silent' },
      }),
    })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('are chosen by the words of a question', async () => {
    const { body } = await server.post('/api/chat', { query: 'how many books are there' })
    expect(body).toMatchObject({ success: true, data: { results: { rows: [[1]] } } })
    const cars = await server.post('/api/chat', { query: 'how many cars are there' })
    expect(cars.body).toMatchObject({ success: true, data: { results: { rows: [[0]] } } })
  })

  it('are asked for when a question does not tell which one it means', async () => {
    const { status, body } = await server.post('/api/chat', { query: 'list every title' })
    expect(status).toBe(409)
    expect(body).toMatchObject({
      error: {
        code: 'database-unclear',
        fields: [{ message: 'library' }, { message: 'garage' }],
      },
    })
  })

  it('can be named', async () => {
    const query = 'SELECT count(*) FROM repairs'
    const right = await server.post('/api/chat', { query, database: 'garage' })
    const wrong = await server.post('/api/chat', { query, database: 'library' })
    const none = await server.post('/api/chat', { query, database: 'attic' })
    expect(right.body).toMatchObject({ success: true })
    expect(wrong.body).toMatchObject({ error: { code: 'query-refused' } })
    expect(none.status).toBe(404)
  })

  it('are models of OpenAI, beside one that lets the question choose', async () => {
    const { body } = await server.get('/v1/models')
    expect(body).toMatchObject({
      data: [{ id: 't2t' }, { id: 't2t-library' }, { id: 't2t-garage' }],
    })
  })
})

describe('a new configuration', () => {
  const customers = fileWith('customers.sqlite', 'CREATE TABLE customers (id, email, city)')
  const config = (more: object = {}) =>
    configWithUsers({ databases: [{ name: 'shop', engine: 'sqlite', path: customers }], ...more })

  it('is in force for the next question', async () => {
    await using server = await startServer({ config: config() })
    const ask = () =>
      server.post('/api/chat', { query: 'SELECT count(*) FROM customers' }, { headers: as('ada') })
    expect((await ask()).body).toMatchObject({ success: true })

    await server.application.reload(
      config({
        policies: {
          everything: {},
          analyst: { tables: { block: ['customers'] } },
          city: {},
        },
      }),
    )

    expect((await ask()).body).toMatchObject({ error: { code: 'query-refused' } })
  })

  it('that cannot be opened changes nothing', async () => {
    await using server = await startServer({ config: config() })
    const broken = config({
      databases: [{ name: 'shop', engine: 'sqlite', path: join(folder, 'nowhere.sqlite') }],
    })

    await expect(server.application.reload(broken)).rejects.toMatchObject({
      code: expect.stringMatching(/^DATABASE_/),
    })

    const query = 'SELECT count(*) FROM customers'
    const { body } = await server.post('/api/chat', { query }, { headers: as('ada') })
    expect(body).toMatchObject({ success: true })
  })
})

it('a reload gives nobody back what they have used up', async () => {
  const limited = (questions: number): object => ({
    roles: {
      ...configWithUsers().roles,
      slow: { policies: ['analyst'], limits: { questions_per_minute: questions } },
    },
  })
  // One question in more than an hour.
  await using server = await startServer({ config: configWithUsers(limited(0.01)) })
  const ask = async (): Promise<number> => {
    const query = 'SELECT count(*) FROM stores'
    return (await server.post('/api/chat', { query }, { headers: as('slow') })).status
  }
  expect([await ask(), await ask()]).toEqual([200, 429])

  await server.application.reload(configWithUsers(limited(0.01)))

  expect(await ask()).toBe(429)
})
