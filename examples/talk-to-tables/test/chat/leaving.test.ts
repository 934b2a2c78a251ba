import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../fixtures/server.ts'

// Billions of combinations, none of which becomes a row.
const runaway =
  'SELECT count(*) FROM order_lines a, order_lines b, order_lines c WHERE a.quantity < b.quantity AND b.quantity < c.quantity'

describe('a query whose client leaves', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ keepAliveMs: 5 })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('holds up nobody, and is ended soon', async () => {
    const client = new AbortController()
    const response = await fetch(new URL('/api/chat', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: runaway }),
      signal: client.signal,
    })
    await readUntil(
      response,
      (text) => text.split('"step":"guard"')[1]?.split('alive')[30] !== undefined,
    )
    const alive = await server.get('/api/health/live')
    const aborted = /^db_client_operation_duration_seconds_count\{.*"aborted"\} 1$/m
    const isAbortedBefore = aborted.test(server.application.metrics())

    client.abort()
    await expect
      .poll(() => server.application.metrics(), { interval: 20, timeout: 120_000 })
      .toMatch(aborted)
    const next = await server.post('/api/chat', { query: 'SELECT count(*) FROM stores' })

    expect(alive.status).toBe(200)
    expect(isAbortedBefore).toBe(false)
    expect(next.body).toMatchObject({ success: true, data: { results: { rows: [[12]] } } })
  })
})

/** Reads a stream until its text is enough, and leaves it open. */
async function readUntil(response: Response, isEnough: (text: string) => boolean): Promise<void> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  for (let text = ''; !isEnough(text);) {
    const part = await reader?.read()
    if (part?.value === undefined) throw new Error('The stream ended.')
    text += decoder.decode(part.value, { stream: true })
  }
}
