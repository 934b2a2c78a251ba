import type { CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import type { Mention } from '../entities/mention.ts'
import type { Grammar } from '../question/grammar.ts'
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

/** The grammar of an item that was not used yet. */
export function grammarOf(item: Item | undefined): Grammar | undefined {
  return item?.mention?.kind === 'grammar' && !item.isUsed ? item.mention.grammar : undefined
}

/** Whether an unused item has one of these roles. */
export function hasRole(item: Item | undefined, ...roles: readonly Grammar['role'][]): boolean {
  const role = grammarOf(item)?.role
  return role !== undefined && roles.includes(role)
}
