import { z } from '@hono/zod-openapi'

/** A function that a client lets the model call; the client makes the call. */
export const clientTool = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({
      name: z.string().regex(/^[\w-]{1,64}$/),
      description: z.string().max(4_000).optional(),
      parameters: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
})

/** A call as clients of OpenAI read and repeat it. */
export const toolCall = z.looseObject({
  id: z.string().max(200),
  type: z.literal('function').default('function'),
  function: z.looseObject({ name: z.string().max(64), arguments: z.string() }).optional(),
})

/** The text of a message, without images and files. */
export function textOf(
  content:
    | string
    | readonly { readonly type: string; readonly text?: string | undefined }[]
    | null
    | undefined,
): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  return content
    .filter(({ type }) => /^(?:input_|output_)?text$/.test(type))
    .map(({ text = '' }) => text)
    .join('\n')
}
