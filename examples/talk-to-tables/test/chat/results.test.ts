import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Caller } from '../../server/access/caller.ts'
import { pageOf } from '../../server/chat/chat-body.ts'
import { csvOf } from '../../server/chat/csv.ts'
import { createResultShelf } from '../../server/chat/result-shelf.ts'
import { createMemoryShelf } from '../../server/shelf/memory-shelf.ts'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

let server: TestServer
beforeAll(async () => {
  const policies = { everything: { limits: { maxRows: 5_000 } }, analyst: {}, city: {} }
  server = await startServer({ config: configWithUsers({ policies }) })
})
afterAll(() => server[Symbol.asyncDispose]())

const page = z.object({
  rows: z.array(z.array(z.unknown())),
  row_count: z.number(),
  total_rows: z.number().optional(),
  truncated: z.boolean(),
  result_id: z.string(),
  next_cursor: z.string().nullable(),
})
const ask = async (query: string) => {
  const { body } = await server.post('/api/chat', { query }, { headers: as('admin') })
  return z.object({ data: z.object({ results: page }) }).parse(body).data.results
}
const numbers = (count: number) => `SELECT id FROM orders ORDER BY id LIMIT ${count}`

describe('the rows of an answer', () => {
  it('come in pages of at most 1,000, and all of them can be had', async () => {
    const first = await ask(numbers(2_500))
    expect(first).toMatchObject({ row_count: 1_000, total_rows: 2_500, next_cursor: '1000' })

    const rows = [...first.rows]
    for (let cursor = first.next_cursor; cursor !== null;) {
      const { body } = await server.get(
        `/api/results/${first.result_id}?cursor=${cursor}`,
        as('admin'),
      )
      const next = page.parse(body)
      rows.push(...next.rows)
      cursor = next.next_cursor
    }
    expect(rows).toHaveLength(2_500)
    expect(new Set(rows.map(([id]) => id)).size).toBe(2_500)
  })

  it('say that there are more than the policy lets anybody read, and not how many', async () => {
    const cut = await ask('SELECT id FROM orders')
    expect(cut).toMatchObject({ truncated: true, next_cursor: '1000' })
    expect(cut.total_rows).toBeUndefined()
  })

  it('can be downloaded as a file', async () => {
    const { result_id: id } = await ask(numbers(1_200))
    const { body, headers } = await server.get(`/api/results/${id}/csv`, as('admin'))
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(String(body).split('\r\n')).toHaveLength(1_202)
  })

  it('are given to nobody else', async () => {
    const { result_id: id } = await ask(numbers(1))
    expect((await server.get(`/api/results/${id}`, as('ada'))).status).toBe(404)
    expect((await server.get(`/api/results/${id}/csv`, as('ada'))).status).toBe(404)
  })

  it.for(['-1', 'x', '2', '1e1'])('have no page at the cursor %j', async (cursor) => {
    const { result_id: id } = await ask(numbers(1))
    const { status } = await server.get(`/api/results/${id}?cursor=${cursor}`, as('admin'))
    expect(status).toBe(400)
  })
})

describe('the shelf of results', () => {
  const caller = (role: string): Caller => ({ id: 'key:ada', role, attributes: {}, isAdmin: false })
  const many = Array.from({ length: 1_234 }, (_, at) => [at, `row ${at}`, null, at % 2 === 0])
  const result = { columns: ['a', 'b', 'c', 'd'], rows: many, isTruncated: false }

  it('gives any rows of a result as they were read', async () => {
    const shelf = createMemoryShelf({ maxBytes: 1_000_000 })
    const results = createResultShelf({ shelf, rightsOf: ({ role }) => role })
    const id = await results.put(caller('analyst'), result)
    const kept = await results.find(caller('analyst'), id ?? '')
    expect(kept?.count).toBe(1_234)
    for (const [start, limit] of [
      [0, 1],
      [499, 2],
      [500, 500],
      [0, 2_000],
      [1_233, 5],
      [1_234, 5],
    ] as const)
      expect(await kept?.rows(start, limit)).toEqual(many.slice(start, start + limit))
  })

  it('gives nothing that was read with other rights', async () => {
    const shelf = createMemoryShelf({ maxBytes: 1_000_000 })
    const results = createResultShelf({ shelf, rightsOf: ({ role }) => role })
    const id = (await results.put(caller('analyst'), result)) ?? ''
    expect(await results.find(caller('intern'), id)).toBeUndefined()
  })

  it('gives no id where there is no room', async () => {
    const shelf = createMemoryShelf({ maxBytes: 1_000 })
    const results = createResultShelf({ shelf, rightsOf: ({ role }) => role })
    expect(await results.put(caller('analyst'), result)).toBeUndefined()
  })
})

describe('a page of rows that could not be kept', () => {
  it('says that there are rows which cannot be had', () => {
    const page = pageOf(
      { columns: ['a'], rows: [[1]], isTruncated: false },
      { id: null, start: 0, count: 2 },
    )
    expect(page).toMatchObject({ truncated: true, result_id: null, next_cursor: null })
    expect(page.total_rows).toBeUndefined()
  })
})

describe('a file of rows', () => {
  const lines = async (rows: readonly (readonly (string | number | boolean | null)[])[]) =>
    (await Array.fromAsync(csvOf(['a', 'b'], [rows]))).join('')

  it('quotes what has to be quoted, and tells nothing from an empty text by nothing', async () => {
    expect(
      await lines([
        ['x,y', 'say "hi"\nthere'],
        [null, true],
      ]),
    ).toBe('a,b\r\n"x,y","say ""hi""\nthere"\r\n,true\r\n')
  })

  it('lets no text be a formula, and no number be a text', async () => {
    expect(
      await lines([
        ['=HYPERLINK("http://evil")', -5],
        ['-5.5', '+1'],
        ['@SUM(A1)', '-x'],
        ['\uFF1D1+1', '\n=1'],
      ]),
    ).toBe(
      `a,b\r\n"'=HYPERLINK(""http://evil"")",-5\r\n-5.5,+1\r\n'@SUM(A1),'-x\r\n'\uFF1D1+1,"'\n=1"\r\n`,
    )
  })
})
