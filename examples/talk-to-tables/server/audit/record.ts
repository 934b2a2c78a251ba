import { createHash, createHmac } from 'node:crypto'

/** Something that was done or refused. Holds no question, no SQL text and no rows. */
export interface AuditEntry {
  readonly caller: string
  readonly role: string
  readonly action:
    | 'question'
    | 'mcp-call'
    | 'admin'
    | 'refused-access'
    | 'config-reloaded'
    | 'person-forgotten'
  readonly outcome: string
  readonly correlation?: string | undefined
  /** Hashes, counts, codes and names; never texts of people. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>> | undefined
}

/** One line of the file: an entry with its place in the chain. */
export interface AuditRecord extends AuditEntry {
  /** From 1 up, without gaps. */
  readonly sequence: number
  /** UTC, ISO 8601. */
  readonly time: string
  /** `hash` of the record before; 64 zeros for the first. */
  readonly previous: string
  /** SHA-256 (or HMAC-SHA-256 with a key) of the record without this member, as JSON. */
  readonly hash: string
}

/** What the first record names as the one before it. */
export const firstPrevious = '0'.repeat(64)

/** What a record's `hash` must be. */
export function hashOf(record: object, key: string | undefined): string {
  const { hash: _hash, ...rest } = record as { hash?: unknown }
  const text = JSON.stringify(rest)
  return key === undefined
    ? createHash('sha256').update(text).digest('hex')
    : createHmac('sha256', key).update(text).digest('hex')
}
