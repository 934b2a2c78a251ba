import { readCursor, writeCursor } from '../input/cursor.ts'
import type { Session } from './session.ts'

/** Cuts one page out of all sessions of a person, the one that changed last first. */
export function sessionPage(
  sessions: readonly Session[],
  limit: number,
  after: string | undefined,
): { readonly items: readonly Session[]; readonly next: string | undefined } {
  const place = after === undefined ? undefined : readCursor(after)
  const found = sessions
    .filter((session) => place === undefined || compareChange(place, session) < 0)
    .toSorted(compareChange)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const isMore = found.length > items.length && last !== undefined
  return { items, next: isMore ? writeCursor(last) : undefined }
}

interface Changed {
  readonly updatedAt: string
  readonly id: string
}

/** Orders by change, the last first. */
function compareChange(left: Changed, right: Changed): number {
  if (left.updatedAt !== right.updatedAt) return left.updatedAt > right.updatedAt ? -1 : 1
  if (left.id === right.id) return 0
  return left.id > right.id ? -1 : 1
}
