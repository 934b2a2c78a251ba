import type { GatheredItem } from '../outcome/outcome.ts'

/** One entry, and the item that it stands in. */
export interface Sourced<Entry> {
  readonly entry: Entry
  readonly item: GatheredItem
}

/** Entries for the same key of which one was taken. */
export interface MergeConflict<Entry> {
  readonly key: string
  readonly winner: Sourced<Entry>
  readonly losers: readonly Sourced<Entry>[]
}

/** What merging came to. */
export interface Merged<Entry> {
  /** One for each key, in the order in which the keys came. */
  readonly entries: readonly Sourced<Entry>[]
  readonly conflicts: readonly MergeConflict<Entry>[]
}

/** How entries are read and compared. */
export interface MergeOptions<Entry> {
  /** Reads the entries of an item. What it throws is thrown. */
  readonly read: (item: GatheredItem) => Iterable<Entry>
  readonly keyOf: (entry: Entry) => string
  /**
   * Whether two entries of the same key say the same, which is no conflict.
   * @defaultValue whether they are equal as JSON
   */
  readonly isSame?: ((a: Entry, b: Entry) => boolean) | undefined
}

/**
 * Merges what several servers say by key: the server with the lower priority number wins, of equal
 * ones the first by name and URI. What lost is reported, not dropped without a word.
 *
 * @example
 * ```ts
 * import { mergeByPriority, type GatheredItem } from '@t2t/mcp-orchestrator'
 *
 * declare const items: readonly GatheredItem[]
 *
 * const { entries, conflicts } = mergeByPriority(items, {
 *   read: ({ text }) => text.split('\n'),
 *   keyOf: (line) => line.split('=')[0] ?? '',
 * })
 * ```
 */
export function mergeByPriority<Entry>(
  items: readonly GatheredItem[],
  options: MergeOptions<Entry>,
): Merged<Entry> {
  const { read, keyOf, isSame = isSameJson } = options
  const winners = new Map<string, Sourced<Entry>>()
  const losers = new Map<string, Sourced<Entry>[]>()
  for (const item of items.toSorted((a, b) => a.priority - b.priority)) {
    for (const entry of read(item)) {
      const key = keyOf(entry)
      const winner = winners.get(key)
      if (winner === undefined) winners.set(key, { entry, item })
      else if (!isSame(winner.entry, entry)) {
        losers.set(key, [...(losers.get(key) ?? []), { entry, item }])
      }
    }
  }
  const conflicts = [...losers].flatMap(([key, lost]) => {
    const winner = winners.get(key)
    return winner === undefined ? [] : [{ key, winner, losers: lost }]
  })
  return { entries: [...winners.values()], conflicts }
}

function isSameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
