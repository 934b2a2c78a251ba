import type { GrammarMention, Mention } from '../entities/mention.ts'
import type { ResolvedQuestion } from '../steps/resolve.ts'

/** A part of a question that a later one can change or add. */
export interface Part {
  readonly kind: 'time' | 'value' | 'group' | 'order' | 'fold' | 'subject' | 'condition'
  /** Tokens, from the first to before the last. */
  readonly from: number
  readonly to: number
  /** Where a condition begins without the column that it is on. */
  readonly core?: number | undefined
  /** What it is about. */
  readonly mention: Mention
}

const glue = new Set([
  'filler',
  'preposition',
  'light',
  'where',
  'copula',
  'distinct',
  'have',
  'not',
])
const conditions = new Set([
  'compare',
  'compare-after',
  'between',
  'without',
  'than-average',
  'like',
  'not',
])

/** Takes a question apart; words that only join parts belong to the one that follows. */
export function partsOf({ mentions, tokens }: ResolvedQuestion): readonly Part[] {
  const parts: Part[] = []
  const isNumber = (at: number): boolean => tokens[at]?.number !== undefined
  for (let at = 0; at < mentions.length; at++) {
    const mention = mentions[at]
    if (mention === undefined) continue
    const role = roleOf(mention)
    if (mention.kind === 'time')
      parts.push({ kind: 'time', from: mention.from, to: mention.to, mention })
    else if (mention.kind === 'value')
      parts.push({ kind: 'value', from: mention.from, to: mention.to, mention })
    else if (role === 'group' || role === 'by') {
      const target = targetAfter(mentions, at)
      if (target === undefined) continue
      parts.push({ kind: 'group', from: mention.from, to: target.to, mention: target })
      at = mentions.indexOf(target)
    } else if (role === 'order' || role === 'top' || role === 'direction') {
      const last = endOf(mentions, at, mention)
      parts.push({ kind: 'order', from: mention.from, to: last.to, mention })
      at = mentions.indexOf(last)
    } else if (role === 'aggregate' || role === 'count')
      parts.push({ kind: 'fold', from: mention.from, to: mention.to, mention })
    else if (role !== undefined && conditions.has(role)) {
      const last = endOf(mentions, at, mention)
      let { from: core } = mention
      while (role === 'compare-after' && isNumber(core - 1)) core -= 1
      let { to } = last
      while (isNumber(to) || (isNumber(to + 1) && tokens[to]?.stem === 'and')) to += 1
      const from = Math.min(core, startOf(mentions, at))
      parts.push({ kind: 'condition', from, core, to, mention })
      at = mentions.indexOf(last)
    } else if (mention.kind === 'schema' && mention.candidates[0]?.entry.column === undefined)
      parts.push({ kind: 'subject', from: mention.from, to: mention.to, mention })
  }
  return withoutInner(parts)
}

/** A subject within a condition is no subject: "with more than 2 orders". */
function withoutInner(parts: readonly Part[]): readonly Part[] {
  return parts.filter(
    (part) =>
      !parts.some(
        (other) =>
          other !== part &&
          other.kind === 'condition' &&
          other.from <= part.from &&
          part.to <= other.to,
      ),
  )
}

/** What a mention does in its question, apart from what it names. */
export function roleOf(
  mention: Mention | undefined,
): GrammarMention['grammar']['role'] | undefined {
  return mention?.kind === 'grammar' ? mention.grammar.role : undefined
}

function targetAfter(mentions: readonly Mention[], at: number): Mention | undefined {
  const next = mentions.slice(at + 1).find((one) => !glue.has(roleOf(one) ?? ''))
  return next?.kind === 'schema' || next?.kind === 'measure' || roleOf(next) === 'unit'
    ? next
    : undefined
}

/** The last mention up to the next one that begins another part. */
function endOf(mentions: readonly Mention[], at: number, mention: Mention): Mention {
  let end = at
  for (let next = at + 1; next < mentions.length; next++) {
    const following = mentions[next]
    const role = roleOf(following)
    const isOther =
      following?.kind === 'time' ||
      role === 'group' ||
      (role === 'order' && next > at + 1) ||
      role === 'top' ||
      (role !== undefined && conditions.has(role))
    if (isOther || following === undefined) break
    end = next
  }
  return mentions[end] ?? mention
}

/** A condition begins with the column that stands before it, and the words that lead to that. */
function startOf(mentions: readonly Mention[], at: number): number {
  let from = mentions[at]?.from ?? 0
  for (let before = at - 1; before >= 0; before--) {
    const mention = mentions[before]
    const role = roleOf(mention)
    const isColumn = mention?.kind === 'schema' && mention.candidates[0]?.entry.column !== undefined
    if (!isColumn && !(role !== undefined && glue.has(role))) break
    from = mention?.from ?? from
  }
  return from
}
