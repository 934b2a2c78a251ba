import type { ScriptedResponse } from './model-server.ts'
import { openAiReplies } from './replies.ts'

/** One way in which a model fails, and what it becomes. */
export interface ModelFailure {
  readonly situation: string
  /** What the server answers, in order; after its end as at its end. */
  readonly script: readonly ScriptedResponse[]
  /** Policies around the model: two attempts and a deadline, or a circuit that opens at once. */
  readonly policy?: 'retry' | 'circuit'
  /** Whether the reply is asked for as a stream. */
  readonly isStreamed?: boolean
  /** Code of the error that the generator throws; absent when it throws none. */
  readonly error?: string
  /** Whether that error says that another call may help. */
  readonly retryable?: boolean
  /** Kind of the answer, and its code where it has one. */
  readonly answer: string
}

const { whole, calling } = openAiReplies
const says = (text: string, reason?: string): ScriptedResponse => ({ body: whole(text, reason) })
const body = (value: unknown): ScriptedResponse => ({ body: JSON.stringify(value) })
const count = 'SELECT COUNT(*) FROM orders'
const fence = (text: string): string => `\`\`\`sql\n${text}\n\`\`\``
const good = says(count)
const limited = { status: 429, body: '{}' }
const failed = (error: string, retryable: boolean) =>
  ({ error: `LLM_SQL_MODEL_${error}`, retryable, answer: 'failed: model-failed' }) as const
const answered = { answer: 'answered' } as const
const refused = { answer: 'refused' } as const
const exhausted = { answer: 'failed: attempts-exhausted' } as const

const overHttp: readonly ModelFailure[] = [
  {
    situation: 'Rate limit with `Retry-After`',
    script: [{ ...limited, headers: { 'retry-after': '7' } }],
    ...failed('RATE_LIMITED', true),
  },
  { situation: 'Rate limit without it', script: [limited], ...failed('RATE_LIMITED', true) },
  {
    situation: 'Rate limit, then a reply, under `retry`',
    script: [{ ...limited, headers: { 'retry-after': '0' } }, good],
    policy: 'retry',
    ...answered,
  },
  {
    situation: 'Status 503, then a reply, under `retry`',
    script: [{ status: 503 }, good],
    policy: 'retry',
    ...answered,
  },
  { situation: 'Status 500', script: [{ status: 500 }], ...failed('UNAVAILABLE', true) },
  {
    situation: 'Status 502 with a page',
    script: [{ status: 502, body: '<html>' }],
    ...failed('UNAVAILABLE', true),
  },
  { situation: 'Status 503', script: [{ status: 503 }], ...failed('UNAVAILABLE', true) },
  {
    situation: 'Status 529, overloaded',
    script: [{ status: 529 }],
    ...failed('UNAVAILABLE', true),
  },
  { situation: 'Status 408', script: [{ status: 408 }], ...failed('UNAVAILABLE', true) },
  { situation: 'Status 400', script: [{ status: 400 }], ...failed('REJECTED', false) },
  { situation: 'Status 401, wrong key', script: [{ status: 401 }], ...failed('REJECTED', false) },
  { situation: 'Status 402, no credit', script: [{ status: 402 }], ...failed('REJECTED', false) },
  { situation: 'Status 403', script: [{ status: 403 }], ...failed('REJECTED', false) },
  {
    situation: 'Status 404, unknown model',
    script: [{ status: 404 }],
    ...failed('REJECTED', false),
  },
  {
    situation: 'Status 413, prompt too long',
    script: [{ status: 413 }],
    ...failed('REJECTED', false),
  },
  {
    situation: 'No answer at all, under `timeout`',
    script: [{ isSilent: true }],
    policy: 'retry',
    ...failed('UNREACHABLE', true),
  },
  {
    situation: 'Rate limit at every attempt, under `retry`',
    script: [{ ...limited, headers: { 'retry-after': '0' } }],
    policy: 'retry',
    ...failed('RATE_LIMITED', true),
  },
  {
    situation: 'Wrong key, under `retry`',
    script: [{ status: 401 }],
    policy: 'retry',
    ...failed('REJECTED', false),
  },
  {
    situation: 'A circuit that is open',
    script: [{ status: 500 }],
    policy: 'circuit',
    ...failed('UNAVAILABLE', true),
  },
  {
    situation: 'Connection lost within the reply',
    script: [{ ...good, isCutOff: true }],
    ...failed('UNREACHABLE', true),
  },
]

const insideReplies: readonly ModelFailure[] = [
  {
    situation: 'A page instead of JSON',
    script: [{ body: '<html>Sign in</html>' }],
    ...failed('REPLY_INVALID', true),
  },
  { situation: 'An empty body', script: [{ body: '' }], ...failed('REPLY_INVALID', true) },
  {
    situation: 'JSON of another form',
    script: [body({ choices: 'none' })],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'JSON that ends too early',
    script: [{ body: whole(count).slice(0, 60) }],
    ...failed('REPLY_INVALID', true),
  },
  { situation: 'No choices', script: [body({ choices: [] })], ...failed('REPLY_INVALID', true) },
  {
    situation: 'Choices that are null',
    script: [body({ choices: null })],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'A choice without a message',
    script: [body({ choices: [{}] })],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'Content that is null',
    script: [body({ choices: [{ message: { content: null }, finish_reason: 'stop' }] })],
    ...failed('REPLY_INVALID', true),
  },
  { situation: 'Content of blanks', script: [says(' \n ')], ...failed('REPLY_INVALID', true) },
  {
    situation: 'An error 429 in a reply of status 200',
    script: [body({ error: { code: 429 } })],
    ...failed('RATE_LIMITED', true),
  },
  {
    situation: 'An error 502 in a reply of status 200',
    script: [body({ error: { code: 502 } })],
    ...failed('UNAVAILABLE', true),
  },
  {
    situation: 'An error by name in a reply of status 200',
    script: [body({ error: { type: 'server_error' } })],
    ...failed('UNAVAILABLE', true),
  },
  {
    situation: 'An error of no known kind in a reply of status 200',
    script: [body({ error: 'broken' })],
    ...failed('REJECTED', false),
  },
  {
    situation: 'Content refused by a filter',
    script: [says('', 'content_filter')],
    answer: 'clarify',
  },
  {
    situation: 'A refusal in its own field',
    script: [
      body({ choices: [{ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' }] }),
    ],
    answer: 'clarify',
  },
  {
    situation: 'A call of a tool that was not offered, again and again',
    script: [{ body: calling('shell', { command: 'ls' }) }],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'A reply cut off by the token limit',
    script: [says('```sql\nSELECT COUNT(*) FR', 'length')],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'A reply cut off by the token limit, then a shorter one',
    script: [says('```sql\nSELECT COUNT(*) FR', 'length'), good],
    ...answered,
  },
  {
    situation: 'A call of a tool that was not offered, then a statement',
    script: [{ body: calling('shell', { command: 'ls' }) }, good],
    ...answered,
  },
  { situation: 'An empty reply, then a statement', script: [says(''), good], ...answered },
  { situation: 'A page, then a statement', script: [{ body: '<html>' }, good], ...answered },
  {
    situation: 'Thinking that never ends, then a statement',
    script: [says('<think>SELECT 1'), good],
    ...answered,
  },
  {
    situation: 'Prose, then a statement',
    script: [says('There are many orders.'), good],
    ...answered,
  },
  {
    situation: 'Prose, then a question back',
    script: [says('There are many orders.'), says('ASK: Which orders?')],
    answer: 'clarify',
  },
  {
    situation: 'Thinking that never ends',
    script: [says('<think>SELECT 1')],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'Prose without a statement',
    script: [says('There are many orders.')],
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'Usage that is not a number',
    script: [body({ ...JSON.parse(whole(count)), usage: { prompt_tokens: 'x' } })],
    ...answered,
  },
]

const { streamed } = openAiReplies
const stream = (text: string): ScriptedResponse => ({
  headers: { 'content-type': 'text/event-stream' },
  body: text,
})
const isStreamed = true

const streams: readonly ModelFailure[] = [
  { situation: 'A whole stream', script: [stream(streamed(count))], isStreamed, ...answered },
  {
    situation: 'Connection lost within a stream',
    script: [{ ...stream(streamed(count)), isCutOff: true }],
    isStreamed,
    ...failed('UNREACHABLE', true),
  },
  {
    situation: 'A stream that ends before the reply does',
    script: [stream(streamed(count).split('"finish_reason":"stop"')[0] ?? '')],
    isStreamed,
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'A stream that ends early, then a whole one',
    script: [stream(streamed(count).slice(0, 300)), stream(streamed(count))],
    isStreamed,
    ...answered,
  },
  {
    situation: 'A stream of nothing',
    script: [stream('')],
    isStreamed,
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'A piece of a stream that is not JSON',
    script: [stream('data: <html>\n\n')],
    isStreamed,
    ...failed('REPLY_INVALID', true),
  },
  {
    situation: 'An error 502 inside a stream',
    script: [stream(`${streamed(count).split('data: [DONE]')[0]}data: {"error":{"code":502}}\n\n`)],
    isStreamed,
    ...failed('UNAVAILABLE', true),
  },
  {
    situation: 'A rate limit at the start of a stream',
    script: [limited],
    isStreamed,
    ...failed('RATE_LIMITED', true),
  },
  {
    situation: 'A stream cut off by the token limit',
    script: [stream(streamed('```sql\nSELECT COUNT(*) FR', 'length'))],
    isStreamed,
    ...failed('REPLY_INVALID', true),
  },
]

const statements: readonly ModelFailure[] = [
  { situation: 'The statement in a code block', script: [says(fence(count))], ...answered },
  {
    situation: 'Text around the code block',
    script: [says(`Here:\n${fence(count)}\nEnjoy.`)],
    ...answered,
  },
  {
    situation: 'Thinking aloud first',
    script: [says(`<think>DROP TABLE orders</think>${count}`)],
    ...answered,
  },
  { situation: 'A semicolon at the end', script: [says(`${count};`)], ...answered },
  { situation: 'A question back', script: [says('ASK: Which orders?')], answer: 'clarify' },
  { situation: 'Two statements', script: [says(fence(`${count}; DROP TABLE orders`))], ...refused },
  {
    situation: 'A statement that writes',
    script: [says('```\nDELETE FROM orders\n```')],
    ...refused,
  },
  {
    situation: 'A column that the policy hides',
    script: [says('SELECT email FROM customers')],
    ...refused,
  },
  {
    situation: 'A typing error in a name',
    script: [says('SELECT COUNT(*) FROM orderz')],
    ...answered,
  },
  {
    situation: 'A table that does not exist, again and again',
    script: [says('SELECT * FROM unicorns')],
    ...exhausted,
  },
  {
    situation: 'SQL that cannot be read, again and again',
    script: [says('SELECT FROM WHERE')],
    ...exhausted,
  },
  {
    situation: 'A wrong statement, then a right one',
    script: [says('SELECT * FROM unicorns'), good],
    ...answered,
  },
  {
    situation: 'A new wrong statement at every attempt',
    script: [1, 2, 3, 4].map((at) => says(`SELECT * FROM unicorns_${at}`)),
    ...exhausted,
  },
  {
    situation: 'A wrong statement, then a lost connection',
    script: [says('SELECT * FROM unicorns'), { ...good, isCutOff: true }],
    ...failed('UNREACHABLE', true),
  },
]

/** Every failure that is proved, in groups. */
export const modelFailures: readonly (readonly [string, readonly ModelFailure[]])[] = [
  ['The server', overHttp],
  ['The form of the reply', insideReplies],
  ['The stream', streams],
  ['The statement', statements],
]

/** The table as a page. */
export function pageOf(groups: typeof modelFailures): string {
  const head = ['Situation', 'Error', 'Another call may help', 'Answer']
  const sections = groups.map(([title, failures]) => {
    const cells = failures.map(({ situation, error, retryable, answer }) => [
      situation,
      error === undefined ? '' : `\`${error}\``,
      error === undefined ? '' : retryable === true ? 'yes' : 'no',
      `\`${answer}\``,
    ])
    const widths = head.map((name, at) =>
      Math.max(name.length, ...cells.map((row) => row[at]?.length ?? 0)),
    )
    const line = (row: readonly string[]): string =>
      `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
    const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
    return [`## ${title}`, '', line(head), rule, ...cells.map(line), ''].join('\n')
  })
  return `# When a model fails

What \`createSqlAssistant\` with \`modelGenerator\` makes of everything that a model server is known to do.
Each row is played over HTTP by a test, which also writes this page. No failure throws: \`answer\` always
resolves, and the error is what the generator threw on the way.

${sections.join('\n')}`
}
