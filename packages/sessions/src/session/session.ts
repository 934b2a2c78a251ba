/** A conversation of one person. */
export interface Session {
  readonly id: string
  /** Who it belongs to; nobody else sees it. */
  readonly owner: string
  readonly title?: string | undefined
  /** UTC, ISO 8601. */
  readonly createdAt: string
  /** When something was last added or cleared. UTC, ISO 8601. */
  readonly updatedAt: string
}

/** Names one session of one person. Both must match, or there is no such session. */
export interface SessionKey {
  readonly owner: string
  readonly id: string
}

/** What a session starts with. */
export interface NewSession {
  /** 1 to 200 characters; the stable id of a person, never a name that can change. */
  readonly owner: string
  /** At most 200 characters. */
  readonly title?: string | undefined
}
