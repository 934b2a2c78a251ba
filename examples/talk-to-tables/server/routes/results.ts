import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import { pageOf, resultPage } from '../chat/chat-body.ts'
import { csvOf } from '../chat/csv.ts'
import type { Result } from '../chat/result-shelf.ts'
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
  const find = (owner: string, id: string): Result => {
    const found = application.results.get(owner, id)
    if (found === undefined)
      throw new HttpProblem(404, 'result-not-found', 'There is no such result any more; ask again.')
    return found
  }
  app.openapi(read, (c) => {
    const { id } = c.req.valid('param')
    const { cursor = '0', limit } = c.req.valid('query')
    const result = find(c.var.caller.id, id)
    const start = Number(cursor)
    if (!/^\d{1,10}$/.test(cursor) || start > result.rows.length)
      throw new HttpProblem(400, 'cursor-invalid', 'The cursor is none that an answer gave.')
    return c.json(pageOf(result, id, start, limit), 200)
  })
  app.openapi(download, (c) => {
    const { id } = c.req.valid('param')
    const pieces = csvOf(find(c.var.caller.id, id))
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const { done, value } = pieces.next()
        if (done === true) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
    })
    return c.body(body, 200, {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="rows.csv"',
    })
  })
}
