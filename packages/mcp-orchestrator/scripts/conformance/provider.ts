// A person who agrees to everything at once, and forgets it all at the end of the process.
import type {
  OAuthClientInformationMixed,
  OAuthClientMetadata,
  OAuthTokens,
} from '@modelcontextprotocol/sdk/shared/auth.js'

const redirectUrl = 'http://localhost:3000/callback'

/** Creates an OAuth provider of either SDK; `context` is what the suite says, as JSON. */
export function createProvider(context: string | undefined) {
  const given: unknown = context === undefined ? {} : JSON.parse(context)
  let information = registered(given)
  let tokens: OAuthTokens | undefined
  let verifier = ''
  let callback: URLSearchParams | undefined
  const clientMetadata: OAuthClientMetadata = {
    client_name: 't2t-mcp-orchestrator',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  }
  const provider = {
    redirectUrl,
    clientMetadata,
    clientMetadataUrl: 'https://conformance-test.local/client-metadata.json',
    clientInformation: () => information,
    saveClientInformation: (saved: OAuthClientInformationMixed) => {
      information = saved
    },
    tokens: () => tokens,
    saveTokens: (saved: OAuthTokens) => {
      tokens = saved
    },
    codeVerifier: () => verifier,
    saveCodeVerifier: (saved: string) => {
      verifier = saved
    },
    redirectToAuthorization: async (url: URL) => {
      const response = await fetch(url, { redirect: 'manual' })
      const location = response.headers.get('location')
      callback = location === null ? undefined : new URL(location).searchParams
    },
  }
  return {
    provider,
    takeCallback: () => {
      const taken = callback
      callback = undefined
      return taken
    },
  }
}

function registered(given: unknown): OAuthClientInformationMixed | undefined {
  if (typeof given !== 'object' || given === null || !('client_id' in given)) return undefined
  const secret = 'client_secret' in given ? { client_secret: String(given.client_secret) } : {}
  return { client_id: String(given.client_id), ...secret }
}
