import type { CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import type { GrammarMention, Mention } from '../entities/mention.ts'
import type { Grammar } from '../question/grammar.ts'
import type { Token } from '../question/tokens.ts'
import type { ResolvedQuestion } from '../steps/resolve.ts'

/** One meaningful piece of the question; rules take items and mark them as used. */
export interface Item {
  readonly mention: Mention | undefined
  /** Set for a number that no mention covers. */
  readonly number: number | undefined
  readonly text: string
  readonly isProper: boolean
  /** Whether "and" or a comma stands before it. */
  readonly isListed: boolean
  isUsed: boolean
}

/** A table or column that an item means. */
export interface Meaning {
  readonly table: CatalogTable
  readonly column: CatalogColumn | undefined
  readonly strength: number
}

/** Turns a resolved question into items; fillers and commas are left out. */
export function itemsOf({ tokens, mentions }: ResolvedQuestion): Item[] {
  const items: Item[] = []
  let next = 0
  for (let at = 0; at < tokens.length;) {
    while ((mentions[next]?.to ?? Number.POSITIVE_INFINITY) <= at) next += 1
    const mention = mentions[next]
    const token = tokens[at]
    const before = tokens[at - 1]
    const isListed = before?.kind === 'comma' || before?.stem === 'and'
    if (mention !== undefined && mention.from === at) {
      at = mention.to
      if (mention.kind === 'grammar' && mention.grammar.role === 'filler') continue
      const either = mention.kind === 'grammar' ? eitherIn(mention, tokens[at]) : []
      if (either.length > 0) {
        const split = { ...plainItem, number: undefined, text: mention.term, isListed: false }
        items.push(...either.map((part) => ({ ...split, mention: part })))
        continue
      }
      const counted = countIn(token?.stem ?? '', items.at(-1), mentions[next + 1])
      if (counted !== undefined) {
        items.push({ ...plainItem, number: counted, text: mention.term, isListed })
        continue
      }
      items.push({
        mention,
        number: undefined,
        text: mention.term,
        isProper: token?.isProper ?? false,
        isListed,
        isUsed: false,
      })
      continue
    }
    at += 1
    if (token === undefined || token.kind === 'comma') continue
    items.push({
      mention: undefined,
      number: token.number,
      text: token.text,
      isProper: token.isProper,
      isListed,
      isUsed: false,
    })
  }
  return items
}

const plainItem = { mention: undefined, isProper: false, isUsed: false }
/** "Below 70 or above 100" holds two comparisons, where "70 or above" holds one. */
function eitherIn(mention: GrammarMention, next: Token | undefined): readonly GrammarMention[] {
  const { grammar, term } = mention
  if (grammar.role !== 'compare-after' || next?.number === undefined || !/^or /i.test(term)) {
    return []
  }
  const operator = grammar.operator === '>=' ? '>' : '<'
  return [
    { ...mention, grammar: { role: 'or' } },
    { ...mention, grammar: { role: 'compare', operator } },
  ]
}

const countWords: ReadonlyMap<string, number> = new Map([['one', 1]])

/** "One" is a number only where something is compared with it: "more than one", "one or more". */
function countIn(
  stem: string,
  before: Item | undefined,
  after: Mention | undefined,
): number | undefined {
  const isCompared =
    hasRole(before, 'compare') ||
    (after?.kind === 'grammar' && after.grammar.role === 'compare-after')
  return isCompared ? countWords.get(stem) : undefined
}

/** The grammar of an item that was not used yet. */
export function grammarOf(item: Item | undefined): Grammar | undefined {
  return item?.mention?.kind === 'grammar' && !item.isUsed ? item.mention.grammar : undefined
}

/** Whether an unused item has one of these roles. */
export function hasRole(item: Item | undefined, ...roles: readonly Grammar['role'][]): boolean {
  const role = grammarOf(item)?.role
  return role !== undefined && roles.includes(role)
}
