/** What a server wants to know while it works. Untrusted text. */
export interface Elicitation {
  readonly message: string
  /** A flat JSON Schema of the answer; `undefined` when the server sends people to a page. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined
}

/** What people said: the fields that they filled in, or that they will not. */
export type ElicitationAnswer =
  | {
      readonly action: 'accept'
      readonly content: Readonly<Record<string, string | number | boolean | string[]>>
    }
  | { readonly action: 'decline' | 'cancel' }

/** The option that every connector has. */
export interface ElicitOption {
  /**
   * Answers what the server asks while it works. Fields that are left out get the defaults that the
   * server gives.
   * @defaultValue none: the server is told that nobody can be asked
   */
  readonly elicit?: ((elicitation: Elicitation) => Promise<ElicitationAnswer>) | undefined
}

/** Reads what an SDK hands over. */
export function elicitationOf(params: {
  readonly message: string
  readonly requestedSchema?: unknown
}): Elicitation {
  const { message, requestedSchema } = params
  if (typeof requestedSchema !== 'object' || requestedSchema === null) return { message }
  return { message, schema: Object.fromEntries(Object.entries(requestedSchema)) }
}

/** Writes what an SDK takes. */
export function elicitResultOf(answer: ElicitationAnswer) {
  return answer.action === 'accept'
    ? { action: answer.action, content: { ...answer.content } }
    : { action: answer.action }
}
