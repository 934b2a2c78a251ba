import { randomUUID } from 'node:crypto'
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Application } from '../application.ts'
import { eventStream, eventStreamHeaders } from '../http/event-stream.ts'
import { HttpProblem, openAiError, problemOf } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { completionRequest } from '../openai/chat-completion.ts'
import { checkCompletion, complete, modelIdOf } from '../openai/complete.ts'
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
    502: json('The model behind this server failed.', envelope),
    503: json('The database failed.', envelope),
  },
})

/** The routes that clients of OpenAI's chat completions use. */
export function openAiRoutes(
  app: OpenAPIHono<Server>,
  { application, keepAliveMs }: ChatRoutesOptions,
): void {
  const described = describeModel(application)
  app.openapi(list, (c) => c.json({ object: 'list' as const, data: [described] }, 200))
  app.openapi(get, (c) => {
    if (c.req.valid('param').id !== described.id)
      throw new HttpProblem(404, 'model-not-found', 'There is no such model.')
    return c.json(described, 200)
  })

  app.openapi(completions, async (c) => {
    const request = c.req.valid('json')
    checkCompletion(application, request)
    const { signal } = c.req.raw
    const common = {
      id: `chatcmpl-${randomUUID()}`,
      created: Math.floor(Date.now() / 1_000),
      model: described.id,
    }
    if (request.stream !== true) {
      const { pieces, usage } = await complete(application, request, signal)
      const message = { role: 'assistant', content: pieces.join(''), refusal: null }
      const choice = { index: 0, message, logprobs: null, finish_reason: 'stop' }
      return c.json({ ...common, object: 'chat.completion', choices: [choice], usage }, 200)
    }

    const wantsUsage = request.stream_options?.include_usage === true
    const stream = eventStream(
      async (write, left) => {
        const send = (chunk: object): void => write(`data: ${JSON.stringify(chunk)}\n\n`)
        const chunk = (delta: object, finish: 'stop' | null = null, extra: object = {}): void =>
          send({
            ...common,
            object: 'chat.completion.chunk',
            choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
            ...(wantsUsage && { usage: null }),
            ...extra,
          })
        try {
          chunk({ role: 'assistant', content: '' })
          const { pieces, usage } = await complete(application, request, left, (step) =>
            // Clients break on events with names and on chunks without choices; not on members.
            chunk({}, null, { t2t: step }),
          )
          for (const content of pieces) chunk({ content })
          chunk({}, 'stop')
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

function describeModel(application: Application): z.infer<typeof model> {
  return {
    id: modelIdOf(application),
    object: 'model',
    created: Math.floor(Date.now() / 1_000),
    owned_by: 't2t',
  }
}
