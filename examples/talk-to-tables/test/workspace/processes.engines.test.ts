import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ServerConfig } from '../../server/config/schema.ts'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

const name = `t2t_sessions_${randomUUID().slice(0, 8)}`
const server = 'postgres://postgres@127.0.0.1:5432'

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: `${server}/postgres` })
  await client.connect()
  await client.query(sql)
  await client.end()
}

let one: TestServer
let other: TestServer
beforeAll(async () => {
  await administer(`CREATE DATABASE ${name}`)
  const config = (): ServerConfig =>
    configWithUsers({
      sessions: { store: 'postgres', url: `${server}/${name}` },
      redis: { url: 'redis://127.0.0.1:6379' },
      roles: {
        admin: { policies: ['everything'], admin: true },
        analyst: { policies: ['analyst'] },
        city: { policies: ['analyst'] },
        slow: { policies: ['analyst'] },
        hasty: { policies: ['analyst'], limits: { questions_per_minute: 2 } },
      },
    })
  // At the same moment, so that both find the tables of the sessions missing.
  ;[one, other] = await Promise.all([
    startServer({ config: config() }),
    startServer({ config: config() }),
  ])
})
afterAll(async () => {
  await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()])
  await administer(`DROP DATABASE ${name} WITH (FORCE)`)
})

describe('two processes of the server', () => {
  it('share sessions: what begins at one goes on at the other', async () => {
    const first = await one.post('/api/chat', { query: 'how many orders' }, { headers: as('ada') })
    const { session_id } = z
      .object({ metadata: z.object({ session_id: z.string() }) })
      .parse(first.body).metadata

    const second = await other.post(
      '/api/chat',
      { query: 'how many stores', session_id },
      { headers: as('ada') },
    )
    const { body } = await one.get(`/api/sessions/${session_id}/messages`, as('ada'))

    expect(second.status).toBe(200)
    expect(body).toMatchObject({
      messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }, { role: 'assistant' }],
    })
  })

  it('share limits: what is used up at one is used up at the other', async () => {
    const ask = (server: TestServer) =>
      server.post('/api/chat', { query: 'how many orders' }, { headers: as('hasty') })
    // Somebody else's run may have used some of it, and never gave any back.
    const statuses = [
      (await ask(one)).status,
      (await ask(other)).status,
      (await ask(one)).status,
      (await ask(other)).status,
    ]
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(2)
    expect(statuses.at(-1)).toBe(429)
  })
})
