import type { Caller } from '../access/caller.ts'

/** What every request carries on its way through the routes. */
export interface Server {
  Variables: {
    requestId: string
    /** Who asks. Set before every route but those that need nobody. */
    caller: Caller
    /** Aborts when the client leaves, or the request has taken as long as it may. */
    signal: AbortSignal
  }
}
