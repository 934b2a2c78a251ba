import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { exportSession, isSessionsError, type Session, type SessionKey } from '@t2t/sessions'
import type { Context } from 'hono'
import type { Application } from '../application.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { forgotten, json, problem } from './documented.ts'

const session = z
  .object({
    id: z.string(),
    title: z.string().nullable(),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Session')
const sessionPage = z
  .object({ sessions: z.array(session), next: z.string().nullable() })
  .openapi('SessionPage')
const message = z
  .object({
    sequence: z.number().int(),
    role: z.enum(['user', 'assistant', 'system']),
    content: z.string(),
    created_at: z.string(),
  })
  .openapi('Message')
const history = z.object({ messages: z.array(message) }).openapi('History')
const statistics = z
  .object({
    messages: z.object({
      user: z.number().int(),
      assistant: z.number().int(),
      system: z.number().int(),
    }),
    tools: z.array(
      z.object({
        tool: z.string(),
        calls: z.number().int(),
        failures: z.number().int(),
        total_duration_ms: z.number(),
        longest_duration_ms: z.number(),
      }),
    ),
    first_message_at: z.string().nullable(),
    last_message_at: z.string().nullable(),
  })
  .openapi('SessionStatistics')

const params = z.object({ id: z.string().min(1).max(200) })
const listing = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: z.string().max(1_000).optional(),
})
const paging = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.coerce.number().int().min(1).optional(),
})
const newSession = z.strictObject({ title: z.string().max(200).optional() })
const missing = { 404: problem('There is no such session.') }
const gone = { 204: { description: 'Done.' }, ...missing }
const tags = ['sessions']
const path = '/api/sessions'
const pathOfOne = '/api/sessions/{id}'

const create = createRoute({
  method: 'post',
  path,
  tags,
  summary: 'Begins a session.',
  request: { body: { content: { 'application/json': { schema: newSession } }, required: true } },
  responses: { 201: json('The session.', session), 422: problem('The structure is not valid.') },
})
const list = createRoute({
  method: 'get',
  path,
  tags,
  summary: 'Lists your sessions, the one that changed last first.',
  request: { query: listing },
  responses: { 200: json('A page of sessions.', sessionPage), 400: problem('A bad cursor.') },
})
const forget = createRoute({
  method: 'delete',
  path,
  tags,
  summary: 'Deletes all that is kept of you: sessions, rows of answers, and kept answers.',
  responses: { 200: json('What was deleted.', forgotten) },
})
const get = createRoute({
  method: 'get',
  path: pathOfOne,
  tags,
  summary: 'Gives a session.',
  request: { params },
  responses: { 200: json('The session.', session), ...missing },
})
const remove = createRoute({
  method: 'delete',
  path: pathOfOne,
  tags,
  summary: 'Deletes a session with all that is in it.',
  request: { params },
  responses: gone,
})
const read = createRoute({
  method: 'get',
  path: `${pathOfOne}/messages`,
  tags,
  summary: 'Gives the latest messages, in the order in which they were said.',
  request: { params, query: paging },
  responses: { 200: json('The messages.', history), ...missing },
})
const clear = createRoute({
  method: 'delete',
  path: `${pathOfOne}/messages`,
  tags,
  summary: 'Deletes the messages of a session and keeps the session.',
  request: { params },
  responses: gone,
})
const count = createRoute({
  method: 'get',
  path: `${pathOfOne}/statistics`,
  tags,
  summary: 'Gives what happened in a session, in numbers.',
  request: { params },
  responses: { 200: json('The numbers.', statistics), ...missing },
})

const whole = createRoute({
  method: 'get',
  path: `${pathOfOne}/export`,
  tags,
  summary: 'Gives all that is kept of a session, as a file.',
  request: { params },
  responses: { 200: { description: 'The session, its messages and what was run.' }, ...missing },
})

/** Conversations; everybody sees their own alone. */
export function sessionRoutes(app: OpenAPIHono<Server>, application: Application): void {
  const { sessions, messages } = application.sessions
  const keyOf = (c: Context<Server>, { id }: { readonly id: string }): SessionKey => ({
    owner: c.var.caller.id,
    id,
  })

  app.openapi(create, async (c) => {
    const { title } = c.req.valid('json')
    return c.json(plain(await sessions.create({ owner: c.var.caller.id, title })), 201)
  })
  app.openapi(list, async (c) => {
    const page = await sessions
      .list({ owner: c.var.caller.id, ...c.req.valid('query') })
      .catch(asProblem)
    return c.json({ sessions: page.items.map(plain), next: page.next ?? null }, 200)
  })
  app.openapi(forget, async (c) => {
    const { id, role } = c.var.caller
    return c.json(await application.forget(id, { caller: id, role }), 200)
  })
  app.openapi(get, async (c) => {
    const found = await sessions.get(keyOf(c, c.req.valid('param'))).catch(asProblem)
    return c.json(plain(found ?? notThere()), 200)
  })
  app.openapi(remove, async (c) => {
    const wasThere = await sessions.delete(keyOf(c, c.req.valid('param'))).catch(asProblem)
    if (!wasThere) notThere()
    return c.body(null, 204)
  })
  app.openapi(read, async (c) => {
    const items = await messages
      .list(keyOf(c, c.req.valid('param')), c.req.valid('query'))
      .catch(asProblem)
    const said = items.map(({ sequence, role, content, createdAt }) => ({
      sequence,
      role,
      content,
      created_at: createdAt,
    }))
    return c.json({ messages: said }, 200)
  })
  app.openapi(clear, async (c) => {
    await messages.clear(keyOf(c, c.req.valid('param'))).catch(asProblem)
    return c.body(null, 204)
  })
  app.openapi(count, async (c) => {
    const numbers = await sessions.statistics(keyOf(c, c.req.valid('param'))).catch(asProblem)
    return c.json(
      {
        messages: { ...numbers.messages },
        tools: numbers.tools.map((used) => ({
          tool: used.tool,
          calls: used.calls,
          failures: used.failures,
          total_duration_ms: used.totalDurationMs,
          longest_duration_ms: used.longestDurationMs,
        })),
        first_message_at: numbers.firstMessageAt ?? null,
        last_message_at: numbers.lastMessageAt ?? null,
      },
      200,
    )
  })
  app.openapi(whole, async (c) => {
    const found = await exportSession(application.sessions, keyOf(c, c.req.valid('param'))).catch(
      asProblem,
    )
    return c.body(JSON.stringify(found), 200, {
      'content-type': 'application/json',
      'content-disposition': 'attachment; filename="session.json"',
    })
  })
}

function plain({ id, title, createdAt, updatedAt }: Session): z.infer<typeof session> {
  return { id, title: title ?? null, created_at: createdAt, updated_at: updatedAt }
}

function notThere(): never {
  throw new HttpProblem(404, 'session-not-found', 'There is no such session.')
}

/** An id that no session can have is the id of no session; any other bad input is the caller's. */
function asProblem(error: unknown): never {
  if (!isSessionsError(error)) throw error
  if (error.code === 'SESSIONS_NOT_FOUND') return notThere()
  if (error.code !== 'SESSIONS_INPUT_INVALID') throw error
  if ('field' in error && error.field === 'id') return notThere()
  throw new HttpProblem(400, 'input-invalid', error.message)
}
