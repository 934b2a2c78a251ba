import { InputInvalidError } from '../errors/errors.ts'
import type { Session } from '../session/session.ts'

/** The place of a session in a list that is ordered by change. */
export interface SessionPlace {
  readonly updatedAt: string
  readonly id: string
}

/** Writes a place as text that can travel in a URL. */
export function writeCursor({ updatedAt, id }: Session): string {
  return `${Date.parse(updatedAt).toString(36)}.${encodeURIComponent(id)}`
}

/** Reads what {@link writeCursor} wrote. */
export function readCursor(text: string): SessionPlace {
  const [, time, id] = /^([0-9a-z]{1,9})\.(.{1,600})$/s.exec(text) ?? []
  try {
    if (time !== undefined && id !== undefined) {
      return { updatedAt: new Date(parseInt(time, 36)).toISOString(), id: decodeURIComponent(id) }
    }
  } catch {
    // Falls through to the one message for everything that is no cursor.
  }
  throw new InputInvalidError('after', 'after must be the next of a page.')
}
