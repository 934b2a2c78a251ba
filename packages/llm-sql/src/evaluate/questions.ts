import * as z from 'zod/mini'
import { EvaluationInvalidError } from '../errors/errors.ts'

const text = z.string().check(z.minLength(1))
const question = z.object({
  id: text,
  db: text,
  question: text,
  evidence: z.optional(z.string()),
  answerable: z.optional(z.boolean()),
  gold_sql: z.optional(text),
  gold_alternatives: z.optional(z.array(text)),
})
const output = z.object({ id: text, system: z.optional(text), sql: z.string() })

/** A question with the queries that its authors hold to be right: one line of a question set. */
export interface EvaluationQuestion {
  readonly id: string
  /** Name of the database that is asked. */
  readonly db: string
  readonly question: string
  /** A hint that belongs to the question. */
  readonly evidence?: string | undefined
  /**
   * Whether the data can answer it; if not, the right thing is to ask back or to refuse.
   * @defaultValue true
   */
  readonly answerable?: boolean | undefined
  /** Needed when the data can answer it. */
  readonly gold_sql?: string | undefined
  /** Other accepted queries; `{a, b}` in them stands for any of these columns. */
  readonly gold_alternatives?: readonly string[] | undefined
}

/** What a system once wrote for a question. */
export interface RecordedOutput {
  readonly id: string
  readonly system?: string | undefined
  readonly sql: string
}

/**
 * Reads a question set: one JSON object a line.
 *
 * @throws {@link EvaluationInvalidError} that names the line, when one is not a question.
 */
export function readQuestions(jsonl: string, file = 'questions'): readonly EvaluationQuestion[] {
  const read = linesOf(jsonl, file, question)
  const seen = new Set<string>()
  for (const [at, { id, answerable = true, gold_sql: gold }] of read.entries()) {
    if (seen.has(id))
      throw new EvaluationInvalidError(`${file} has two questions with the id of line ${at + 1}.`)
    seen.add(id)
    if (answerable && gold === undefined)
      throw new EvaluationInvalidError(
        `${file} line ${at + 1}: gold_sql is missing; a question without one must say "answerable": false.`,
      )
  }
  return read
}

/**
 * Reads recorded outputs: one JSON object a line. Of one system, when it is named.
 *
 * @throws {@link EvaluationInvalidError} that names the line, or the systems that there are.
 */
export function readOutputs(
  jsonl: string,
  system?: string,
  file = 'outputs',
): ReadonlyMap<string, RecordedOutput> {
  const read = linesOf(jsonl, file, output)
  const systems = [...new Set(read.map((one) => one.system ?? 'unnamed'))]
  if (system === undefined && systems.length > 1)
    throw new EvaluationInvalidError(
      `${file} holds outputs of several systems; name one of: ${systems.join(', ')}.`,
    )
  const chosen = read.filter((one) => system === undefined || one.system === system)
  if (chosen.length === 0)
    throw new EvaluationInvalidError(
      `${file} holds no output of that system. There are: ${systems.join(', ')}.`,
    )
  return new Map(chosen.map((one) => [one.id, one]))
}

function linesOf<Schema extends z.ZodMiniType>(
  jsonl: string,
  file: string,
  schema: Schema,
): z.output<Schema>[] {
  return jsonl.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return []
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch {
      throw new EvaluationInvalidError(`${file} line ${at + 1} is not JSON.`)
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) return [parsed.data]
    const [issue] = parsed.error.issues
    const field = issue?.path.map(String).join('.') ?? ''
    throw new EvaluationInvalidError(
      `${file} line ${at + 1}: ${field === '' ? 'the line' : field} is missing or not of the right type.`,
    )
  })
}
