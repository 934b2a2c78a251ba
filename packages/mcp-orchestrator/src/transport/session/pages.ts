import { ConnectionError } from '../../errors/connection-error.ts'
import { maxItems, maxPages } from './limits.ts'

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor?: string | undefined
}

/**
 * Reads all pages of a list.
 *
 * @throws {@link ConnectionError} of kind `invalid` when the list has no end: too many pages, too
 * many items, or a cursor that comes again.
 */
export async function readPages<Item>(
  readPage: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  const seen = new Set<string>()
  let cursor: string | undefined
  for (let page = 1; page <= maxPages; page++) {
    const { items: more, nextCursor } = await readPage(cursor)
    items.push(...more)
    if (items.length > maxItems) throw endless(`more than ${maxItems} items`)
    if (nextCursor === undefined) return items
    if (seen.has(nextCursor)) throw endless('a cursor that comes again')
    seen.add(nextCursor)
    cursor = nextCursor
  }
  throw endless(`more than ${maxPages} pages`)
}

function endless(what: string): ConnectionError {
  return new ConnectionError('invalid', `The server gave a list with ${what}.`)
}
