import type { ScriptedResponse } from './model-server.ts'
import { openAiReplies } from './replies.ts'

/** One way in which a model or a tool fails while tools are used, and what it becomes. */
export interface ToolFailure {
  readonly situation: string
  /** What the model server answers, in order; after its end as at its end. */
  readonly script: readonly ScriptedResponse[]
  /** Time for the question, in milliseconds. */
  readonly timeoutMs?: number
  /** How the calls end, in order. */
  readonly calls: readonly string[]
  /** Kind of the answer, and its code where it has one. */
  readonly answer: string
}

const says = (text: string, reason?: string): ScriptedResponse => ({
  body: openAiReplies.whole(text, reason),
})
type Wanted = readonly [name: string, args: string, id?: string | undefined]

/** A reply that calls tools, with their arguments letter by letter. */
function wants(...wanted: readonly Wanted[]): ScriptedResponse {
  const toolCalls = wanted.map(([name, args, id = name]) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }))
  const message = { role: 'assistant', content: null, tool_calls: toolCalls }
  return { body: JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }) }
}

const done = says('There are seven.')
const answered = { answer: 'answered' } as const
const look = (text: string): Wanted => ['look', JSON.stringify({ text })]

/**
 * Tools are `look`, which gives a text; `broken`, which fails; `silent`, which never answers;
 * `write`, which changes something.
 */
export const toolFailures: readonly ToolFailure[] = [
  {
    situation: 'A call of an unknown tool, then an answer',
    script: [wants(['shell', '{}']), done],
    calls: ['tool-unknown'],
    ...answered,
  },
  {
    situation: 'Calls of unknown tools again and again',
    script: [wants(['shell', '{}'])],
    calls: ['tool-unknown', 'tool-unknown'],
    answer: 'failed: no-progress',
  },
  {
    situation: 'A call without a name',
    script: [wants(['', '{}', 'a']), done],
    calls: ['tool-unknown'],
    ...answered,
  },
  {
    situation: 'Arguments that are not JSON',
    script: [wants(['look', '{"text": ']), done],
    calls: ['input-invalid'],
    ...answered,
  },
  {
    situation: 'Arguments that are a list',
    script: [wants(['look', '["x"]']), done],
    calls: ['input-invalid'],
    ...answered,
  },
  {
    situation: 'Arguments of another type',
    script: [wants(['look', '{"text": 7}']), done],
    calls: ['input-invalid'],
    ...answered,
  },
  {
    situation: 'A missing argument',
    script: [wants(['look', '{}']), done],
    calls: ['input-invalid'],
    ...answered,
  },
  {
    situation: 'Wrong arguments, then right ones',
    script: [wants(['look', '{}']), wants(look('a')), done],
    calls: ['input-invalid', 'done'],
    ...answered,
  },
  {
    situation: 'A tool that says it failed',
    script: [wants(['broken', '{}']), done],
    calls: ['tool-failed'],
    ...answered,
  },
  {
    situation: 'A tool that never answers',
    script: [wants(['silent', '{}']), done],
    calls: ['timed-out'],
    ...answered,
  },
  {
    situation: 'Parallel calls, one of which fails',
    script: [wants(look('a'), ['broken', '{}'], look('b')), done],
    calls: ['done', 'tool-failed', 'done'],
    ...answered,
  },
  {
    situation: 'Several calls with one id',
    script: [wants(['look', '{"text":"a"}', 'x'], ['look', '{"text":"b"}', 'x']), done],
    calls: ['done', 'done'],
    ...answered,
  },
  {
    situation: 'The same call again and again',
    script: [wants(look('a'))],
    calls: ['done', 'repeated', 'repeated'],
    answer: 'failed: no-progress',
  },
  {
    situation: 'A new call in every reply, without end',
    script: Array.from({ length: 12 }, (_, at) => wants(look(`a${at}`))),
    calls: Array.from({ length: 8 }, () => 'done'),
    answer: 'failed: hops-exhausted',
  },
  {
    situation: 'More calls in one reply than are made',
    script: [wants(...Array.from({ length: 9 }, (_, at) => look(`a${at}`))), done],
    calls: [...Array.from({ length: 8 }, () => 'done'), 'left-out'],
    ...answered,
  },
  {
    situation: 'A call that changes something, after untrusted text was read',
    script: [wants(look('a')), wants(['write', '{}']), done],
    calls: ['done', 'refused'],
    ...answered,
  },
  {
    situation: 'A refused call again and again',
    script: [wants(look('a')), wants(['write', '{}'])],
    calls: ['done', 'refused', 'repeated'],
    answer: 'failed: no-progress',
  },
  {
    situation: 'An empty reply, then an answer',
    script: [says(''), done],
    calls: [],
    ...answered,
  },
  {
    situation: 'Empty replies again and again',
    script: [says('')],
    calls: [],
    answer: 'failed: model-failed',
  },
  {
    situation: 'The server fails after a call',
    script: [wants(look('a')), { status: 500 }],
    calls: ['done'],
    answer: 'failed: model-failed',
  },
  {
    situation: 'The connection is lost within a reply with calls',
    script: [{ ...wants(look('a')), isCutOff: true }],
    calls: [],
    answer: 'failed: model-failed',
  },
  {
    situation: 'A model server that never answers',
    script: [{ isSilent: true }],
    timeoutMs: 60,
    calls: [],
    answer: 'failed: timed-out',
  },
  {
    situation: 'Content refused by a filter after a call',
    script: [wants(look('a')), says('', 'content_filter')],
    calls: ['done'],
    answer: 'declined',
  },
  {
    situation: 'An answer that is cut off by the token limit',
    script: [says('There are', 'length')],
    calls: [],
    ...answered,
  },
]

/** The table as a part of a page. */
export function sectionOf(failures: readonly ToolFailure[]): string {
  const shown = (names: readonly string[]): string => {
    const [first] = names
    const isAlike = names.length > 3 && names.every((name) => name === first)
    return isAlike
      ? `${names.length} × \`${first}\``
      : names.map((name) => `\`${name}\``).join(', ')
  }
  const rows = [
    ['Situation', 'Calls', 'Answer'],
    ...failures.map(({ situation, calls, answer }) => [situation, shown(calls), `\`${answer}\``]),
  ]
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  const [head = '', ...lines] = rows.map(
    (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return `## Tools

What \`createToolAgent\` makes of it, by calls and answer. No failure throws here either.

${[head, rule, ...lines].join('\n')}
`
}
