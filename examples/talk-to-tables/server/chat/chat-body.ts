import { z } from '@hono/zod-openapi'
import type { Result } from './result-shelf.ts'
import { modes } from '../workspace/assistants.ts'

/** What `POST /api/chat` takes. */
export const chatRequest = z
  .strictObject({
    query: z
      .string()
      .max(8_000)
      .openapi({ description: 'A question in plain language, or one SQL statement.' }),
    mode: z.enum(modes).default('auto'),
    context: z
      .string()
      .max(8_000)
      .optional()
      .openapi({ description: 'What else is to be known; read together with the query.' }),
    session_id: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .openapi({ description: 'A session of yours; without one, a new session begins.' }),
    database: z.string().max(200).optional(),
    enable_recovery: z
      .boolean()
      .default(true)
      .openapi({ description: 'Whether a draft that does not fit is mended or made again.' }),
  })
  .openapi('ChatRequest')

const entity = z.object({
  term: z.string(),
  kind: z.enum(['value', 'measure', 'table', 'column', 'time']),
  meaning: z.string(),
  source: z.string(),
  confidence: z.number(),
})
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A page of the rows of an answer. */
export const resultPage = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(z.array(cell)),
    row_count: z.number().int().openapi({ description: 'Rows of this page.' }),
    truncated: z.boolean().openapi({ description: 'Whether there are rows that cannot be had.' }),
    total_rows: z.number().int().optional().openapi({ description: 'Absent when truncated.' }),
    result_id: z.string().nullable().openapi({
      description:
        'For GET /api/results/{id} and /api/results/{id}/csv, for ten minutes; null when there was no room for the rows.',
    }),
    next_cursor: z.string().nullable().openapi({ description: 'Where the next page begins.' }),
  })
  .openapi('ResultPage')

/** A page of a result: rows from one on, of all that there are. */
export function pageOf(
  { columns, rows, isTruncated }: Result,
  {
    id,
    start,
    count,
  }: { readonly id: string | null; readonly start: number; readonly count: number },
): z.infer<typeof resultPage> {
  const end = start + rows.length
  const isCut = isTruncated || (id === null && end < count)
  return {
    columns: [...columns],
    rows: rows.map((row) => [...row]),
    row_count: rows.length,
    truncated: isCut,
    ...(!isCut && { total_rows: count }),
    result_id: id,
    next_cursor: id !== null && end < count ? String(end) : null,
  }
}

export const chatData = z
  .object({
    sql_query: z.string().nullable(),
    results: resultPage.nullable(),
    resolved_entities: z.array(entity),
    explanation: z.string().nullable(),
    choices: z.array(z.string()).openapi({ description: 'What the question could have meant.' }),
    recovery_performed: z.boolean(),
    metadata: z.object({
      mode: z.enum(modes),
      mcp_servers_used: z.array(z.string()),
      recovery_attempts: z.number().int(),
      missing_sources: z.array(z.object({ name: z.string(), reason: z.string() })),
    }),
  })
  .openapi('ChatData')

const finding = z.object({ code: z.string(), message: z.string(), subject: z.string().optional() })

/** What `POST /api/chat` gives. */
export const chatResponse = z
  .object({
    success: z.boolean(),
    data: chatData,
    error: z
      .object({
        code: z.string().openapi({
          description:
            'query-refused, clarification-needed, attempts-exhausted, model-failed, database-failed or catalog-missing.',
        }),
        message: z.string(),
        findings: z.array(finding).optional(),
      })
      .nullable(),
    metadata: z.object({
      session_id: z.string(),
      duration_ms: z.number(),
      confidence: z.number().nullable(),
      generator: z.string(),
      database: z.string(),
    }),
    timestamp: z.string().openapi({ description: 'UTC, ISO 8601.' }),
    response_id: z.string(),
  })
  .openapi('ChatResponse')

export type ChatRequest = z.infer<typeof chatRequest>
export type ChatData = z.infer<typeof chatData>
export type ChatResponse = z.infer<typeof chatResponse>
