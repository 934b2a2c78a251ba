import { catch as fallback, number, optional } from 'zod/mini'

/** A number of tokens; what is no number counts as absent, and spoils nothing else. */
export const tokenCount = fallback(optional(number()), undefined)
