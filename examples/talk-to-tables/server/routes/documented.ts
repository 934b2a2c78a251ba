import { z } from '@hono/zod-openapi'
import { problemBody } from '../http/problem.ts'

/** A response in JSON, for the OpenAPI document. */
export function json<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
): {
  readonly description: string
  readonly content: { readonly 'application/json': { readonly schema: Schema } }
} {
  return { description, content: { 'application/json': { schema } } }
}

export const problem = (description: string): ReturnType<typeof json<typeof problemBody>> =>
  json(description, problemBody)

/** What was kept of a person, in numbers. */
export const forgotten = z
  .object({
    sessions: z.int().openapi({ description: 'With their messages and tool executions.' }),
    answers: z.int().openapi({ description: 'Rows of answers, and answers kept for their keys.' }),
  })
  .openapi('Forgotten')
