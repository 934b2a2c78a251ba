import type { z } from '@hono/zod-openapi'
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
