import type { Mention } from '../entities/mention.ts'
import type { ResolvedQuestion } from '../steps/resolve.ts'
import { partsOf, roleOf, type Part } from './follow-parts.ts'

/** Reads a text as a question of its own. */
export type ReadQuestion = (text: string) => ResolvedQuestion

/** What a question comes to after earlier ones. */
export type Followed =
  /** It stands alone. */
  | { readonly kind: 'alone' }
  /** It changes the one before; `text` says both in one. */
  | { readonly kind: 'follows'; readonly text: string }
  /** It speaks of the one before in a way that is not known. */
  | { readonly kind: 'unclear' }

const cue =
  /^(?:and|but|or|also|then|now|only|just|what about|how about|what if|same|the same|instead|but only|and only|and what about|and how about|make it|ok|okay)\b[\s,]*/iu
const pronoun = /\b(?:(?:of )?(?:them|those|these)(?: ones)?|they)\b/iu
const beyond =
  /^(?:why|how come|really|are you sure|explain|more|go on|again)\b|\b(?:the )?(?:first|second|third|last|other|others|next|previous)(?: (?:one|ones|row|rows))?\s*\??$|\bthe others\b/iu

/** Puts a question together with the one that it follows, where it does. */
export function followUp(
  question: ResolvedQuestion,
  before: string | undefined,
  read: ReadQuestion,
): Followed {
  const text = question.question.trim()
  if (before === undefined) return { kind: 'alone' }
  if (beyond.test(text) && !requests(question)) return { kind: 'unclear' }
  const told = withoutCues(text)
  if (pronoun.test(text)) {
    const subject = subjectOf(read(before))
    if (subject === undefined) return { kind: 'unclear' }
    return { kind: 'follows', text: told.replace(pronoun, subject) }
  }
  const now = read(told)
  const isCued = cue.test(text) || /\binstead\b/iu.test(text)
  const parts = partsOf(now)
  const hasSubject =
    parts.some(({ kind }) => kind === 'subject') ||
    now.mentions.some(
      (mention) =>
        mention.kind === 'measure' &&
        !parts.some(({ from, to }) => from <= mention.from && mention.to <= to),
    )
  if (requests(now) && (hasSubject || !isCued)) return { kind: 'alone' }
  const changed = changedBy(read(before), now)
  return changed === undefined ? { kind: 'unclear' } : { kind: 'follows', text: changed }
}

function withoutCues(text: string): string {
  let rest = text
  for (let round = 0; round < 3 && cue.test(rest); round++) rest = rest.replace(cue, '')
  return rest
    .replaceAll(/\s*\binstead\b(?: of that)?\s*/giu, ' ')
    .replace(/[\s?.!]+$/u, '')
    .trim()
}

/** Whether a question asks for something by itself. */
function requests({ mentions }: ResolvedQuestion): boolean {
  return mentions.some(
    (mention) =>
      mention.kind === 'measure' ||
      (mention.kind === 'grammar' &&
        ['ask', 'count', 'aggregate', 'who', 'quality'].includes(mention.grammar.role)),
  )
}

/** What a question is about, with its conditions: "customers in Spain" of "How many customers in Spain?". */
function subjectOf(before: ResolvedQuestion): string | undefined {
  const { question, tokens, mentions } = before
  const first = mentions.find(
    (mention) => mention.kind === 'schema' && mention.candidates[0]?.entry.column === undefined,
  )
  if (first === undefined) return undefined
  const end = partsOf(before).find(
    ({ kind, from }) => from > first.from && (kind === 'group' || kind === 'order'),
  )
  const last = end === undefined ? tokens.at(-1) : tokens[end.from - 1]
  const start = tokens[first.from]
  return start === undefined || last === undefined
    ? undefined
    : `of ${question.slice(start.start, last.end)}`
}

/** The earlier question with the parts of a later one in the place of its own. */
function changedBy(before: ResolvedQuestion, now: ResolvedQuestion): string | undefined {
  const parts = partsOf(now)
  const isExplained = now.tokens.every(
    ({ kind }, at) =>
      kind === 'comma' || [...now.mentions, ...parts].some(({ from, to }) => from <= at && at < to),
  )
  if (parts.length === 0 || !isExplained) return undefined
  const known = partsOf(before)
  const edits: { from: number; to: number; text: string }[] = []
  const added: string[] = []
  for (const part of parts) {
    const text = spanOf(now, part)
    const place = known.find((one) => replaces(part, one))
    if (place === undefined && part.kind === 'subject') return undefined
    if (place === undefined) added.push(text)
    else edits.push({ from: place.core ?? place.from, to: place.to, text })
  }
  const taken = new Set(edits.map(({ from }) => from))
  if (taken.size !== edits.length) return undefined
  let result = before.question.trim().replace(/[\s?.!]+$/u, '')
  for (const { from, to, text } of edits.toSorted((a, b) => b.from - a.from)) {
    const [first, last] = [before.tokens[from], before.tokens[to - 1]]
    if (first === undefined || last === undefined) return undefined
    result = `${result.slice(0, first.start)}${text}${result.slice(last.end)}`
  }
  return [result, ...added].join(' ')
}

function spanOf({ question, tokens }: ResolvedQuestion, { from, to }: Part): string {
  return question.slice(tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0)
}

/** Whether a part of a later question stands in the place of one of the earlier. */
function replaces(part: Part, one: Part): boolean {
  if (part.kind !== one.kind) return false
  if (part.kind === 'condition')
    return part.from === part.core && roleOf(part.mention) === roleOf(one.mention)
  if (part.kind !== 'value') return true
  const columns = columnsOf(one.mention)
  return columnsOf(part.mention).some((column) => columns.includes(column))
}

function columnsOf(mention: Mention): readonly unknown[] {
  return mention.kind === 'value' ? mention.values.map(({ column }) => column) : []
}
