import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { eventStream, eventStreamHeaders } from '../http/event-stream.ts'
import { HttpProblem, openAiError, problemOf } from '../http/problem.ts'
import type { Server } from '../http/server.ts'
import { checkCompletion, complete } from '../openai/complete.ts'
import {
  asCompletion,
  messageItem,
  newResponse,
  responseOf,
  responseRequest,
  textPart,
} from '../openai/response.ts'
import type { ChatRoutesOptions } from './chat.ts'

const create = createRoute({
  method: 'post',
  path: '/v1/responses',
  tags: ['openai'],
  summary: 'Answers a question as a response of OpenAI; nothing is kept.',
  request: {
    body: { content: { 'application/json': { schema: responseRequest } }, required: true },
  },
  responses: {
    200: {
      description: 'A response, or its events when `stream` is true.',
      content: {
        'application/json': { schema: z.looseObject({ id: z.string() }) },
        'text/event-stream': { schema: z.string() },
      },
    },
  },
})

/** The route that clients of OpenAI's responses use. */
export function responseRoutes(
  app: OpenAPIHono<Server>,
  { application, keepAliveMs }: ChatRoutesOptions,
): void {
  app.openapi(create, async (c) => {
    const request = c.req.valid('json')
    if ((request.previous_response_id ?? '') !== '')
      throw new HttpProblem(400, 'unsupported-value', 'Nothing is kept; send the whole input.', [
        { field: 'previous_response_id', message: 'Nothing is kept.', type: 'unsupported_value' },
      ])
    const completion = asCompletion(request)
    const { caller, signal } = c.var
    checkCompletion(application, caller, completion)
    const parts = newResponse(request.model)
    if (request.stream !== true) {
      const { pieces, usage } = await complete(application, caller, completion, signal)
      return c.json({ id: parts.id, ...responseOf(parts, { text: pieces.join(''), usage }) }, 200)
    }
    return streamed(c, keepAliveMs, async (send, left) => {
      send('response.created', { response: responseOf(parts) })
      send('response.in_progress', { response: responseOf(parts) })
      const place = { output_index: 0, item_id: parts.message, content_index: 0 }
      const item = { output_index: 0, item: messageItem(parts.message) }
      send('response.output_item.added', item)
      send('response.content_part.added', { ...place, part: textPart('') })
      const { pieces, usage } = await complete(application, caller, completion, left)
      for (const delta of pieces)
        send('response.output_text.delta', { ...place, delta, logprobs: [] })
      const text = pieces.join('')
      send('response.output_text.done', { ...place, text, logprobs: [] })
      send('response.content_part.done', { ...place, part: textPart(text) })
      send('response.output_item.done', { output_index: 0, item: messageItem(parts.message, text) })
      send('response.completed', { response: responseOf(parts, { text, usage }) })
    })
  })
}

type Send = (type: string, data: object) => void

function streamed(
  c: Context<Server>,
  keepAliveMs: number,
  work: (send: Send, left: AbortSignal) => Promise<void>,
): Response {
  const { signal } = c.var
  const stream = eventStream(
    async (write, left) => {
      let sequence = 0
      const send: Send = (type, data) => {
        const event = { type, sequence_number: sequence++, ...data }
        write(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`)
      }
      try {
        await work(send, left)
      } catch (error) {
        const { message, code, param } = openAiError(problemOf(error)).error
        send('error', { code, message, param })
      }
    },
    { signal, keepAliveMs },
  )
  return c.body(stream, 200, eventStreamHeaders)
}
