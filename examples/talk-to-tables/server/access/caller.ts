/** Who asks, and what holds for them. */
export interface Caller {
  /** The owner of sessions; the same person has the same id in every process. */
  readonly id: string
  readonly role: string
  /** Values that the row filters of policies name. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly isAdmin: boolean
}
