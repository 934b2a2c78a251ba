import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import { prepareChat } from '../chat/answer-chat.ts'
import { chatStatusOf } from '../chat/chat-answer.ts'
import { chatRequest, chatResponse, type ChatResponse } from '../chat/chat-body.ts'
import { eventStream, eventStreamHeaders } from '../http/event-stream.ts'
import { problemOf } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { translateFor, type Translate } from '../http/translate.ts'
import { databaseServerPrefix } from '../config/further.ts'
import { modes } from '../workspace/assistants.ts'
import { json, problem } from './documented.ts'

export interface ChatRoutesOptions {
  readonly application: Application
  readonly keepAliveMs: number
}

const body = { content: { 'application/json': { schema: chatRequest } }, required: true }
const ask = createRoute({
  method: 'post',
  path: '/api/chat',
  tags: ['chat'],
  summary: 'Answers a question.',
  description:
    'With "Accept: text/event-stream", steps come as events named "step" while they are made, and then this answer as an event named "answer". Closing the connection ends the work.',
  request: { body },
  responses: {
    200: {
      description: 'Rows; or why there are none: refused, unclear, or drafts that do not fit.',
      content: {
        'application/json': { schema: chatResponse },
        'text/event-stream': { schema: z.string() },
      },
    },
    400: problem('The query is empty, or the body is not JSON.'),
    404: problem('There is no such session or database.'),
    413: problem('The body is too large.'),
    409: problem('It is not clear which database is meant; `error.fields` lists candidates.'),
    429: problem('A limit of yours is reached; `Retry-After` says when there is more.'),
    422: problem('The structure is not valid; `error.fields` says where.'),
    502: json('The model failed.', chatResponse),
    503: json('The database failed.', chatResponse),
  },
})

const modesBody = z
  .object({
    default_mode: z.enum(modes),
    modes: z.array(
      z.object({ mode: z.enum(modes), available: z.boolean(), description: z.string() }),
    ),
    orchestrator: z.object({
      servers: z.array(
        z.object({
          name: z.string(),
          priority: z.number(),
          state: z.string(),
          circuit: z.string(),
        }),
      ),
    }),
  })
  .openapi('Modes')
const listModes = createRoute({
  method: 'get',
  path: '/api/chat/modes',
  tags: ['chat'],
  summary: 'Tells the modes, and the state of the MCP servers.',
  responses: { 200: json('The modes.', modesBody) },
})

/** Questions and their answers, and the ways in which they can be asked. */
export function chatRoutes(
  app: OpenAPIHono<Server>,
  { application, keepAliveMs }: ChatRoutesOptions,
): void {
  app.openapi(ask, async (c) => {
    const { requestId, caller } = c.var
    const chat = await prepareChat(application, caller, c.req.valid('json'), requestId)
    const { signal } = c.var
    const translate = translateFor(application, c.req.header('accept-language'))
    if (!(c.req.header('accept') ?? '').includes('text/event-stream')) {
      const { answer, response } = await chat.answer(signal)
      return c.json(translated(response, translate), chatStatusOf(answer))
    }
    const stream = eventStream(
      async (write, left) => {
        try {
          const { response } = await chat.answer(left, (step) => write(frame('step', step)))
          write(frame('answer', translated(response, translate)))
        } catch (thrown) {
          const { code, message } = problemOf(thrown)
          write(frame('error', { error: { code, message }, response_id: requestId }))
        }
      },
      { signal, keepAliveMs },
    )
    return c.body(stream, 200, eventStreamHeaders)
  })

  app.openapi(listModes, async (c) => {
    const servers = await application.servers(c.var.caller)
    const isReady = ({ state }: (typeof servers)[number]): boolean => state === 'ready'
    const available = {
      single_mcp: servers.some(
        (server) => server.name.startsWith(databaseServerPrefix) && isReady(server),
      ),
      multi_mcp: servers.some(isReady),
      auto: servers.some(isReady),
    }
    const descriptions = {
      single_mcp: 'The database server alone.',
      multi_mcp: 'All servers; those that do not answer are named as missing.',
      auto: 'All servers when they are ready, else the database server alone.',
    }
    return c.json(
      {
        default_mode: 'auto' as const,
        modes: modes.map((mode) => ({
          mode,
          available: available[mode],
          description: descriptions[mode],
        })),
        orchestrator: {
          servers: servers.map(({ name, priority, state, circuit }) => ({
            name,
            priority,
            state,
            circuit,
          })),
        },
      },
      200,
    )
  })
}

function frame(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** What the server says itself; texts of models and of databases stay as they are. */
function translated(response: ChatResponse, translate: Translate): ChatResponse {
  if (response.error === null) return response
  const { code, message } = response.error
  return { ...response, error: { ...response.error, message: translate(code, message) } }
}
