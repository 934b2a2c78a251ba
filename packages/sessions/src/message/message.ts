/** Who said something. */
export type MessageRole = 'user' | 'assistant' | 'system'

/** One message of a session. */
export interface Message {
  /** Place in the session, from 1 up; messages and tool executions share one count. */
  readonly sequence: number
  readonly role: MessageRole
  readonly content: string
  /** UTC, ISO 8601. */
  readonly createdAt: string
}

/** A message that is to be stored. */
export interface NewMessage {
  readonly role: MessageRole
  /**
   * At most 1,000,000 characters. Stored as it is, except that lone surrogates and the character
   * U+0000, which databases refuse, become U+FFFD.
   */
  readonly content: string
}
