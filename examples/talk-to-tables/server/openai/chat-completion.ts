import { z } from '@hono/zod-openapi'
import { clientTool, textOf, toolCall } from './tool-messages.ts'

const part = z.looseObject({ type: z.string(), text: z.string().optional() })
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(part), z.null()]).optional(),
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().nullish(),
})

/** What `POST /v1/chat/completions` reads; every other field is taken and ignored. */
export const completionRequest = z
  .looseObject({
    model: z.string().min(1).max(200),
    messages: z.array(message).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
    response_format: z
      .looseObject({
        type: z.string(),
        json_schema: z
          .looseObject({
            name: z.string().regex(/^[\w-]{1,64}$/),
            schema: z.record(z.string(), z.unknown()),
          })
          .optional(),
      })
      .nullish(),
    tools: z.array(clientTool).max(128).nullish(),
    tool_choice: z.union([z.string(), z.looseObject({})]).nullish(),
    n: z.number().int().nullish(),
  })
  .openapi('ChatCompletionRequest')
export type CompletionRequest = z.infer<typeof completionRequest>

/** Tokens that models used for an answer; none when rules wrote the SQL. */
export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly prompt_tokens_details: { readonly cached_tokens: number }
}

export function usageOf(input: number, output: number): Usage {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0 },
  }
}

/** The last thing that the user said, without images and files. */
export function questionOf({ messages }: CompletionRequest): string {
  return textOf(messages.findLast(({ role }) => role === 'user')?.content)
}
