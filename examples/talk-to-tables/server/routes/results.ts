import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import { pageOf, resultPage } from '../chat/chat-body.ts'
import type { Caller } from '../access/caller.ts'
import { csvOf } from '../chat/csv.ts'
import type { KeptResult, Result } from '../chat/result-shelf.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { json, problem } from './documented.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const gone = { 404: problem('There is no such result any more; ask again.') }
const tags = ['chat']

const read = createRoute({
  method: 'get',
  path: '/api/results/{id}',
  tags,
  summary: 'Gives the next rows of an answer.',
  request: {
    params,
    query: z.object({
      cursor: z.string().max(100).optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(1_000),
    }),
  },
  responses: { 200: json('A page of rows.', resultPage), 400: problem('A bad cursor.'), ...gone },
})
const download = createRoute({
  method: 'get',
  path: '/api/results/{id}/csv',
  tags,
  summary: 'Gives all rows of an answer as a file.',
  request: { params },
  responses: {
    200: { description: 'RFC 4180.', content: { 'text/csv': { schema: z.string() } } },
    ...gone,
  },
})

/** The rows of answers, beyond the first page. */
export function resultRoutes(app: OpenAPIHono<Server>, application: Application): void {
  const find = async (caller: Caller, id: string): Promise<KeptResult> =>
    (await application.results.find(caller, id)) ?? notThere()
  app.openapi(read, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor = '0', limit } = c.req.valid('query')
    const result = await find(c.var.caller, id)
    const start = Number(cursor)
    if (!/^\d{1,10}$/.test(cursor) || start > result.count)
      throw new HttpProblem(400, 'cursor-invalid', 'The cursor is none that an answer gave.')
    const rows = (await result.rows(start, limit)) ?? notThere()
    return c.json(pageOf({ ...result, rows }, { id, start, count: result.count }), 200)
  })
  app.openapi(download, async (c) => {
    const { id } = c.req.valid('param')
    const result = await find(c.var.caller, id)
    const body = ReadableStream.from(encoded(csvOf(result.columns, piecesOf(result))))
    return c.body(body, 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="rows.csv"',
    })
  })
}

const rowsAtOnce = 1_000

/** @throws `HttpProblem` when their time ends meanwhile: half a file must not look like a whole one. */
async function* piecesOf(result: KeptResult): AsyncGenerator<Result['rows']> {
  for (let start = 0; start < result.count; start += rowsAtOnce)
    yield (await result.rows(start, rowsAtOnce)) ?? notThere()
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const text of texts) yield encoder.encode(text)
}

function notThere(): never {
  throw new HttpProblem(404, 'result-not-found', 'There is no such result any more; ask again.')
}
