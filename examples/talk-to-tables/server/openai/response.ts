import { randomUUID } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { Completion } from './complete.ts'
import type { CompletionRequest } from './chat-completion.ts'
import { textOf } from './tool-messages.ts'

const item = z.looseObject({
  type: z.string().optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant']).optional(),
  content: z
    .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
    .optional(),
})

/** What `POST /v1/responses` reads; nothing is kept between calls. */
export const responseRequest = z
  .looseObject({
    model: z.string().min(1).max(200),
    input: z.union([z.string(), z.array(item).min(1)]),
    instructions: z.string().nullish(),
    stream: z.boolean().nullish(),
    previous_response_id: z.string().nullish(),
    text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  })
  .openapi('ResponseRequest')
export type ResponseRequest = z.infer<typeof responseRequest>

/** The same question as a chat completion. */
export function asCompletion({ model, input, text }: ResponseRequest): CompletionRequest {
  const items = typeof input === 'string' ? [{ role: 'user' as const, content: input }] : input
  const messages = items.flatMap(({ role, content }) =>
    role === undefined ? [] : [{ role, content: textOf(content) }],
  )
  const type = text?.format?.type
  return { model, messages, ...(type !== undefined && { response_format: { type } }) }
}

/** The parts of a response, as they are told one after the other. */
export interface ResponseParts {
  readonly id: string
  readonly message: string
  readonly created: number
  readonly model: string
}

export function newResponse(model: string): ResponseParts {
  const created = Math.floor(Date.now() / 1_000)
  return { id: `resp_${randomUUID()}`, message: `msg_${randomUUID()}`, created, model }
}

/** The response object, under way or complete. */
export function responseOf(
  { id, message, created, model }: ResponseParts,
  done?: Pick<Completion, 'usage'> & { readonly text: string },
): object {
  const usage = done && {
    input_tokens: done.usage.prompt_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: done.usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: done.usage.total_tokens,
  }
  return {
    id,
    object: 'response',
    created_at: created,
    status: done === undefined ? 'in_progress' : 'completed',
    model,
    output: done === undefined ? [] : [messageItem(message, done.text)],
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: false,
    temperature: null,
    tool_choice: 'none',
    tools: [],
    top_p: null,
    usage: usage ?? null,
  }
}

export function messageItem(id: string, text?: string): object {
  return {
    id,
    type: 'message',
    role: 'assistant',
    status: text === undefined ? 'in_progress' : 'completed',
    content: text === undefined ? [] : [textPart(text)],
  }
}

export function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}
