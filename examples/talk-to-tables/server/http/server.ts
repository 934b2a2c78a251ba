/** What every request carries on its way through the routes. */
export interface Server {
  Variables: { requestId: string }
}

/** Who asks, as long as there are no users: whoever can reach loopback. */
export const localOwner = 'local'
