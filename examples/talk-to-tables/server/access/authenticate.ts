import type { ServerConfig } from '../config/schema.ts'
import { apiKeys } from './api-keys.ts'
import type { Caller } from './caller.ts'
import { oidcTokens } from './oidc.ts'

/** Headers of a request, however it arrived. */
export interface Credentials {
  get(name: string): string | null | undefined
}

/**
 * Tells who a request comes from; `undefined` when it does not say so in a way that holds.
 *
 * Credentials that do not hold are never taken for the absence of credentials.
 */
export type Authenticate = (headers: Credentials) => Promise<Caller | undefined>

/** What a client of the WebSocket offers as its protocol, beside its key. */
export const socketProtocol = 't2t'

/** A page cannot send headers with a WebSocket; it offers `t2t` and `t2t.key.<key>` as protocols. */
function socketKey(headers: Credentials): string | undefined {
  const offered = (headers.get('sec-websocket-protocol') ?? '').split(',')
  const prefix = `${socketProtocol}.key.`
  return offered
    .map((name) => name.trim())
    .find((name) => name.startsWith(prefix))
    ?.slice(prefix.length)
}

/** Who may call, as the configuration says it. */
export function createAuthenticate({ auth, roles }: ServerConfig): Authenticate {
  const callerOf = (
    id: string,
    role: string,
    attributes: Caller['attributes'],
  ): Caller | undefined => {
    const found = Object.hasOwn(roles, role) ? roles[role] : undefined
    return found && { id, role, attributes, isAdmin: found.admin }
  }
  const keys = apiKeys(auth.api_keys, callerOf)
  const tokens = auth.oidc === undefined ? undefined : oidcTokens(auth.oidc, callerOf)
  const { anonymous } = auth

  return async (headers) => {
    const bearer = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
    const offered = bearer ?? socketKey(headers)
    const given = offered ?? headers.get('x-api-key') ?? undefined
    if (given === undefined) {
      const hasOther = (headers.get('authorization') ?? '') !== ''
      if (anonymous === undefined || hasOther) return undefined
      return callerOf('local', anonymous, {})
    }
    const known = keys(given)
    if (known !== undefined) return known
    // Clients of OpenAI always send a key; where nobody needs one, any will do.
    if (anonymous !== undefined && tokens === undefined && auth.api_keys.length === 0)
      return callerOf('local', anonymous, {})
    return offered === undefined ? undefined : tokens?.(offered)
  }
}
