import type { GatheredItem, OmittedItem } from '../outcome/outcome.ts'

/** What fits into a number of bytes, and what does not. */
export interface Budgeted {
  readonly items: readonly GatheredItem[]
  readonly omitted: readonly OmittedItem[]
}

/**
 * Spends bytes on items in their order, which is that of priority. An item that does not fit is
 * left out whole, since half a document is none; a smaller one after it may still fit.
 */
export function spend(items: readonly GatheredItem[], maxBytes: number): Budgeted {
  const kept: GatheredItem[] = []
  const omitted: OmittedItem[] = []
  let left = maxBytes
  for (const item of items) {
    if (item.bytes <= left) {
      left -= item.bytes
      kept.push(item)
    } else omitted.push({ server: item.server, uri: item.uri, bytes: item.bytes })
  }
  return { items: kept, omitted }
}
