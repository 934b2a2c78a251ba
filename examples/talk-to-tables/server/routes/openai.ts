import { randomUUID } from 'node:crypto'
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { ModelToolCall } from '@t2t/llm-sql'
import { eventStream, eventStreamHeaders } from '../http/event-stream.ts'
import { HttpProblem, openAiError, problemOf } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { completionRequest } from '../openai/chat-completion.ts'
import { checkCompletion, complete, modelIdsOf } from '../openai/complete.ts'
import type { ChatRoutesOptions } from './chat.ts'
import { json } from './documented.ts'

const model = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.number().int(),
    owned_by: z.string(),
  })
  .openapi('Model')
const models = z.object({ object: z.literal('list'), data: z.array(model) })
const envelope = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .openapi('OpenAiError')
const tags = ['openai']

const list = createRoute({
  method: 'get',
  path: '/v1/models',
  tags,
  responses: { 200: json('The databases, as models.', models) },
})
const get = createRoute({
  method: 'get',
  path: '/v1/models/{id}',
  tags,
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json('The model.', model), 404: json('There is no such model.', envelope) },
})
const completions = createRoute({
  method: 'post',
  path: '/v1/chat/completions',
  tags,
  request: {
    body: { content: { 'application/json': { schema: completionRequest } }, required: true },
  },
  responses: {
    200: {
      description: 'A completion, or its chunks when `stream` is true.',
      content: {
        'application/json': { schema: z.looseObject({ id: z.string() }) },
        'text/event-stream': { schema: z.string() },
      },
    },
    400: json('Something is not valid or not supported.', envelope),
    404: json('There is no such model.', envelope),
    401: json('There are no credentials, or they do not hold.', envelope),
    429: json('A limit is reached; `Retry-After` says when there is more.', envelope),
    502: json('The model behind this server failed.', envelope),
    503: json('The database failed.', envelope),
  },
})

/** The routes that clients of OpenAI's chat completions use. */
export function openAiRoutes(
  app: OpenAPIHono<Server>,
  { application, keepAliveMs }: ChatRoutesOptions,
): void {
  const created = Math.floor(Date.now() / 1_000)
  const described = (id: string): z.infer<typeof model> => ({
    id,
    object: 'model',
    created,
    owned_by: 't2t',
  })
  app.openapi(list, (c) => {
    const data = modelIdsOf(application, c.var.caller).map(described)
    return c.json({ object: 'list' as const, data }, 200)
  })
  app.openapi(get, (c) => {
    const { id } = c.req.valid('param')
    if (!modelIdsOf(application, c.var.caller).includes(id))
      throw new HttpProblem(404, 'model-not-found', 'There is no such model.')
    return c.json(described(id), 200)
  })

  app.openapi(completions, async (c) => {
    const request = c.req.valid('json')
    const { caller, signal } = c.var
    checkCompletion(application, caller, request)
    const common = {
      id: `chatcmpl-${randomUUID()}`,
      created: Math.floor(Date.now() / 1_000),
      model: request.model,
    }
    if (request.stream !== true) {
      const { pieces, usage, calls = [] } = await complete(application, caller, request, signal)
      const message = {
        role: 'assistant',
        content: pieces.length > 0 ? pieces.join('') : null,
        refusal: null,
        ...(calls.length > 0 && { tool_calls: calls.map(callOf) }),
      }
      const finish = calls.length > 0 ? 'tool_calls' : 'stop'
      const choice = { index: 0, message, logprobs: null, finish_reason: finish }
      return c.json({ ...common, object: 'chat.completion', choices: [choice], usage }, 200)
    }

    const wantsUsage = request.stream_options?.include_usage === true
    const stream = eventStream(
      async (write, left) => {
        const send = (chunk: object): void => write(`data: ${JSON.stringify(chunk)}\n\n`)
        const chunk = (
          delta: object,
          finish: 'stop' | 'tool_calls' | null = null,
          extra: object = {},
        ): void =>
          send({
            ...common,
            object: 'chat.completion.chunk',
            choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
            ...(wantsUsage && { usage: null }),
            ...extra,
          })
        try {
          chunk({ role: 'assistant', content: '' })
          const {
            pieces,
            usage,
            calls = [],
          } = await complete(application, caller, request, left, (step) =>
            // Clients break on events with names and on chunks without choices; not on members.
            chunk({}, null, { t2t: step }),
          )
          for (const content of pieces) chunk({ content })
          for (const [index, call] of calls.entries())
            chunk({ tool_calls: [{ index, ...callOf(call) }] })
          chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')
          if (wantsUsage) send({ ...common, object: 'chat.completion.chunk', choices: [], usage })
        } catch (error) {
          send(openAiError(problemOf(error)))
        }
        write('data: [DONE]\n\n')
      },
      { signal, keepAliveMs },
    )
    return c.body(stream, 200, eventStreamHeaders)
  })
}

function callOf({ id, name, input }: ModelToolCall): object {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } }
}
