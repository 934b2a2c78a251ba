import { afterAll, beforeAll, expect, it } from 'vitest'
import { configForAnyone } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

let server: TestServer
beforeAll(async () => {
  const translations = {
    de: { 'query-empty': 'Die Frage ist leer.', 'query-refused': 'Das ist nicht erlaubt.' },
  }
  server = await startServer({ config: configForAnyone({ translations }) })
})
afterAll(() => server[Symbol.asyncDispose]())

const say = async (query: string, language: string) => {
  const { body } = await server.post(
    '/api/chat',
    { query },
    { headers: { 'accept-language': language } },
  )
  return body
}

it.for([
  ['de-AT,de;q=0.9', 'Die Frage ist leer.'],
  ['fr, de;q=0.5', 'Die Frage ist leer.'],
  ['en, de;q=0.5', 'The query is empty.'],
  ['fr', 'The query is empty.'],
  ['de;q=0', 'The query is empty.'],
  [';;;,,,', 'The query is empty.'],
] as const)('errors are told to %j as %j, with the same code', async ([language, message]) => {
  expect(await say('', language)).toMatchObject({ error: { code: 'query-empty', message } })
})

it('refusals are told in the language of the caller, findings as the guard says them', async () => {
  expect(await say('DROP TABLE orders', 'de')).toMatchObject({
    error: {
      message: 'Das ist nicht erlaubt.',
      findings: [{ code: 'statement-kind-refused' }],
    },
  })
})

it('questions reach the model untouched, in whatever language they are', async () => {
  const query = 'Wie viele Bestellungen gibt es? 注文はいくつ'
  const { body } = await server.post('/api/chat', { query })
  const { session_id: id } = (body as { metadata: { session_id: string } }).metadata
  const { body: history } = await server.get(`/api/sessions/${id}/messages`)
  expect(history).toMatchObject({ messages: [{ content: query }, {}] })
})
