import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Answer } from '@t2t/llm-sql'
import type { SessionKey } from '@t2t/sessions'
import type { Application } from '../application.ts'
import { modes } from '../chat/assistants.ts'
import { chatDataOf, chatErrorOf, chatStatusOf } from '../chat/chat-answer.ts'
import { chatRequest, chatResponse, type ChatResponse } from '../chat/chat-body.ts'
import { converse } from '../chat/conversation.ts'
import { stepOf, type Step } from '../chat/steps.ts'
import { titleOf } from '../chat/title.ts'
import { eventStream, eventStreamHeaders } from '../http/event-stream.ts'
import { HttpProblem } from '../http/problem.ts'
import { localOwner, type Server } from '../http/server.ts'
import { json, problem } from './documented.ts'

export interface ChatRoutesOptions {
  readonly application: Application
  readonly keepAliveMs: number
}

const body = { content: { 'application/json': { schema: chatRequest } }, required: true }
const chat = createRoute({
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
  app.openapi(chat, async (c) => {
    const { query, mode, session_id: sessionId, database, enable_recovery } = c.req.valid('json')
    if (query.trim() === '') throw new HttpProblem(400, 'query-empty', 'The query is empty.')
    if (database !== undefined && database !== application.databaseName)
      throw new HttpProblem(404, 'database-unknown', 'There is no such database.')
    const key = await sessionFor(application, sessionId, query)
    const { requestId } = c.var

    const answerTo = async (
      signal: AbortSignal,
      onStep?: (step: Step) => void,
    ): Promise<{ readonly answer: Answer; readonly response: ChatResponse }> => {
      const start = performance.now()
      const started = application.start(query, { mode, recovers: enable_recovery, signal })
      const answer = await converse(application.sessions, key, query, async () => {
        if (onStep !== undefined) {
          for await (const event of started.run) {
            const step = stepOf(event)
            if (step !== undefined) onStep(step)
          }
        }
        return started.run.answer
      })
      const error = chatErrorOf(answer)
      const response = {
        success: error === null,
        data: chatDataOf(answer, started.mode),
        error,
        metadata: {
          session_id: key.id,
          duration_ms: Math.round(performance.now() - start),
          confidence: answer.kind === 'answered' ? answer.confidence : null,
          generator: application.generator,
        },
        timestamp: new Date().toISOString(),
        response_id: requestId,
      }
      return { answer, response }
    }

    const { signal } = c.req.raw
    if (!(c.req.header('accept') ?? '').includes('text/event-stream')) {
      const { answer, response } = await answerTo(signal)
      return c.json(response, chatStatusOf(answer))
    }
    const stream = eventStream(
      async (write, left) => {
        try {
          const { response } = await answerTo(left, (step) => write(frame('step', step)))
          write(frame('answer', response))
        } catch {
          const error = { code: 'failed', message: 'The server could not answer.' }
          write(frame('error', { error, response_id: requestId }))
        }
      },
      { signal, keepAliveMs },
    )
    return c.body(stream, 200, eventStreamHeaders)
  })

  app.openapi(listModes, (c) => {
    const servers = application.servers()
    const isReady = ({ state }: (typeof servers)[number]): boolean => state === 'ready'
    const available = {
      single_mcp: servers.some((server) => server.name === 'database' && isReady(server)),
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

/** The session that was named, or a new one. */
async function sessionFor(
  { sessions }: Application,
  id: string | undefined,
  query: string,
): Promise<SessionKey> {
  if (id === undefined)
    return sessions.sessions.create({ owner: localOwner, title: titleOf(query) })
  const key = { owner: localOwner, id }
  const isThere = id === id.trim() && (await sessions.sessions.get(key)) !== undefined
  if (!isThere) throw new HttpProblem(404, 'session-not-found', 'There is no such session.')
  return key
}
