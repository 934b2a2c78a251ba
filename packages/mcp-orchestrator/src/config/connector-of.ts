import { createRequire } from 'node:module'
import type { Connector } from '../upstream/connection.ts'
import type { CheckedServer } from './schema.ts'

/** Whether the client of the new protocol, an optional dependency, is there. Loads nothing. */
export function hasModernClient(): boolean {
  try {
    createRequire(import.meta.url).resolve('@modelcontextprotocol/client')
    return true
  } catch {
    return false
  }
}

/** Loads only the adapter that is needed. */
export async function connectorOf(server: CheckedServer): Promise<Connector> {
  if (server.transport === 'stdio') {
    const { command, args, env, cwd, protocol = defaultProtocol() } = server
    const options = { command, args, env, cwd }
    if (protocol === 'legacy') return (await import('../transport/sdk/stdio.ts')).stdio(options)
    return (await import('../transport/modern/stdio.ts')).stdio({ ...options, protocol })
  }
  const { url, headers, allow_plain_http: allowPlainHttp, oauth } = server
  const credentials = oauth && {
    issuer: oauth.issuer,
    clientId: oauth.client_id,
    clientSecret: oauth.client_secret,
    scopes: oauth.scopes,
  }
  const options = { url, headers, allowPlainHttp, oauth: credentials }
  if (server.transport === 'sse') return (await import('../transport/sdk/sse.ts')).sse(options)
  const { protocol = defaultProtocol() } = server
  if (protocol === 'legacy') return (await import('../transport/sdk/http.ts')).http(options)
  return (await import('../transport/modern/http.ts')).http({ ...options, protocol })
}

function defaultProtocol(): 'auto' | 'legacy' {
  return hasModernClient() ? 'auto' : 'legacy'
}
