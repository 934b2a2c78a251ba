import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Translate } from './translate.ts'
import { IssuerAwayError } from '../access/oidc.ts'

/** What is wrong with one field of a body. */
export const fieldProblem = z.object({
  field: z.string().openapi({ example: 'mode' }),
  message: z.string(),
  type: z.string().openapi({ example: 'invalid_value' }),
})
type FieldProblem = z.infer<typeof fieldProblem>

/** The body of every error below `/api`. */
export const problemBody = z
  .object({
    success: z.literal(false),
    data: z.null(),
    error: z.object({
      code: z.string(),
      message: z.string(),
      fields: z.array(fieldProblem).optional(),
    }),
    timestamp: z.string(),
    response_id: z.string(),
  })
  .openapi('Problem')

/** Thrown by routes; becomes an answer in the form that the client of the path expects. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: ContentfulStatusCode
  /** Stable; says what happened even when the message is reworded. */
  readonly code: string
  readonly fields: readonly FieldProblem[]
  /** When the same request may succeed, in milliseconds from now. */
  readonly retryAfterMs: number | undefined

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    fields: readonly FieldProblem[] = [],
    retryAfterMs?: number,
  ) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
    this.retryAfterMs = retryAfterMs
  }
}

/** Turns what a schema found into a problem with one entry for each field. */
export function invalidStructure(error: z.ZodError, status: 400 | 422 = 422): HttpProblem {
  const fields = error.issues.flatMap((issue): FieldProblem[] => {
    const path = issue.path.map(String)
    const names = issue.code === 'unrecognized_keys' ? issue.keys : []
    if (names.length === 0)
      return [{ field: path.join('.'), message: issue.message, type: issue.code }]
    return names.map((name) => ({
      field: [...path, name].join('.').slice(0, 200),
      message: 'There is no such field.',
      type: issue.code,
    }))
  })
  return new HttpProblem(
    status,
    'structure-invalid',
    'The structure of the request is not valid.',
    fields.slice(0, 20),
  )
}

/** Turns whatever was thrown into a problem that tells nothing of the inside. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof IssuerAwayError)
    return new HttpProblem(503, 'issuer-away', error.message, [], 5_000)
  if (error instanceof HTTPException && error.status === 400)
    return new HttpProblem(400, 'body-malformed', 'The body is not valid JSON.')
  if (error instanceof HTTPException && error.status === 415)
    return new HttpProblem(415, 'content-type-refused', 'The content type is application/json.')
  return new HttpProblem(500, 'failed', 'The server could not answer.')
}

/** Answers with a problem: in the envelope of OpenAI below `/v1`, in our own elsewhere. */
export function respond(
  c: Context,
  problem: HttpProblem,
  id: string,
  translate: Translate,
): Response {
  const { status, code, fields, retryAfterMs } = problem
  const message = translate(code, problem.message)
  if (retryAfterMs !== undefined) {
    const ms = Math.max(1, Math.ceil(retryAfterMs))
    c.header('retry-after', String(Math.ceil(ms / 1_000)))
    c.header('retry-after-ms', String(ms))
  }
  if (!c.req.path.startsWith('/v1/')) {
    const error = { code, message, ...(fields.length > 0 && { fields: [...fields] }) }
    const timestamp = new Date().toISOString()
    return c.json(
      { success: false, data: null, error, timestamp, response_id: id } satisfies z.infer<
        typeof problemBody
      >,
      status,
    )
  }
  if (status < 500 && status !== 429) c.header('x-should-retry', 'false')
  return c.json(openAiError(problem, message), status)
}

/** The same in the envelope that clients of OpenAI read. */
export function openAiError(
  { status, code, message: plain, fields }: HttpProblem,
  message = plain,
): {
  readonly error: {
    readonly message: string
    readonly type: string
    readonly param: string | null
    readonly code: string
  }
} {
  const [first] = fields
  const said = first === undefined ? message : `${first.field}: ${first.message}`
  const type = openAiTypes[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error')
  const param = first?.field ?? null
  return {
    error: { message: said, type, param, code: openAiCodes[code] ?? code.replaceAll('-', '_') },
  }
}

/** Codes for which clients know another name. */
const openAiCodes: Readonly<Record<string, string>> = { 'credentials-needed': 'invalid_api_key' }

const openAiTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  429: 'rate_limit_error',
}
