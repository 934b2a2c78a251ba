import { OptionInvalidError } from '../../errors/errors.ts'
import { checkUrl } from './check-url.ts'

/** Who a program is to an authorization server; nobody has to agree to anything. */
export interface ClientCredentials {
  /**
   * The authorization server, by its issuer address: `https:`, or `http:` on this machine. The
   * secret is sent there, and to the token endpoint that its own metadata names; what an MCP server
   * says about authorization servers is not asked.
   */
  readonly issuer: string | URL
  readonly clientId: string
  /** Never appears in messages. */
  readonly clientSecret: string
  /** @defaultValue what the authorization server gives by itself */
  readonly scopes?: readonly string[] | undefined
}

/** A token as an authorization server gives it. */
interface Tokens {
  access_token: string
  token_type: string
}

/** Gets tokens for one server with a secret, as both SDKs ask for them. They are kept in memory. */
export class CredentialsProvider {
  readonly redirectUrl = undefined
  readonly #credentials: ClientCredentials
  readonly #issuer: URL
  #tokens: Tokens | undefined

  /** @throws {@link OptionInvalidError} when the credentials cannot work. */
  constructor(credentials: ClientCredentials) {
    const { clientId, clientSecret, issuer } = credentials
    if (clientId === '') throw new OptionInvalidError('clientId must not be empty.')
    if (clientSecret === '') throw new OptionInvalidError('clientSecret must not be empty.')
    this.#issuer = checkUrl(issuer, false)
    this.#credentials = credentials
  }

  /** Where questions about the authorization server may go. */
  get issuerOrigin(): string {
    return this.#issuer.origin
  }

  /** What must not appear in messages. */
  get secrets(): readonly string[] {
    const { clientSecret } = this.#credentials
    return this.#tokens === undefined ? [clientSecret] : [clientSecret, this.#tokens.access_token]
  }

  get clientMetadata() {
    const { scopes } = this.#credentials
    return {
      client_name: 't2t-mcp-orchestrator',
      redirect_uris: [],
      grant_types: ['client_credentials'],
      ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
    }
  }

  clientInformation() {
    const { clientId, clientSecret } = this.#credentials
    return { client_id: clientId, client_secret: clientSecret, issuer: String(this.#issuer) }
  }

  /** Known beforehand, so that no server can send the secret elsewhere. */
  discoveryState() {
    return { authorizationServerUrl: String(this.#issuer) }
  }

  prepareTokenRequest(): URLSearchParams {
    const { scopes } = this.#credentials
    return new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scopes === undefined ? {} : { scope: scopes.join(' ') }),
    })
  }

  tokens(): Tokens | undefined {
    return this.#tokens
  }

  /** What renews a token is not kept: the secret does. */
  saveTokens({ access_token, token_type }: Tokens): void {
    this.#tokens = { access_token, token_type }
  }

  // The SDKs ask for these, and need them only where people agree.
  redirectToAuthorization(): void {}
  saveCodeVerifier(): void {}
  codeVerifier(): string {
    return ''
  }
}
