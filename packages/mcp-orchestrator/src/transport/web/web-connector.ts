import type { ConnectionError } from '../../errors/connection-error.ts'
import { isConnectionError } from '../../outcome/failure.ts'
import type { Connection, Connector } from '../../upstream/connection.ts'
import { maxMessageBytes } from '../session/limits.ts'
import type { ElicitOption } from '../session/elicit.ts'
import type { OpenLine } from '../session/open-line.ts'
import { cappedFetch, type Fetch } from './capped-fetch.ts'
import { checkHeaders, checkUrl } from './check-url.ts'
import { CredentialsProvider, type ClientCredentials } from './client-credentials.ts'
import { scopedFetch, type TokenStore } from './scoped-fetch.ts'

/** What every server that is reached over HTTP has in common. `Provider` is the SDK's own type. */
export interface WebOptions<Provider> extends ElicitOption {
  /** An `https:` address; `http:` is accepted for this machine only. No user, no password. */
  readonly url: string | URL
  /**
   * Sent with every request, to this server only; a redirect to another origin is not followed.
   * The values never appear in messages.
   * @defaultValue none
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /**
   * Whether `http:` is accepted for other machines too. Then anyone between here and there can
   * read and change everything.
   * @defaultValue false
   */
  readonly allowPlainHttp?: boolean | undefined
  /**
   * Gets tokens for this server; they are sent to no other, and `headers` to no authorization
   * server elsewhere. Programs have credentials; people need a provider.
   * @defaultValue none, so that a server which wants a token is `unauthorized`
   */
  readonly oauth?: OAuthOptions<Provider> | ClientCredentials | undefined
}

/** How tokens are got when people have to agree. */
export interface OAuthOptions<Provider> {
  /** The SDK's own provider: it keeps tokens and sends people to the page where they agree. */
  readonly provider: Provider
  /**
   * Gives the query of the address that people came back to, once; `undefined` while nobody has
   * come back. Asked when the server refuses a token, and when connecting.
   */
  readonly takeCallback?: (() => URLSearchParams | undefined) | undefined
}

/** What a transport of either SDK is given beside its address. */
export interface WebTransportOptions<Provider> {
  readonly requestInit: { readonly headers: Record<string, string> }
  readonly fetch: Fetch
  readonly authProvider?: Provider | CredentialsProvider
}

/** What differs between SDKs and between streamable HTTP and SSE. */
export interface WebParts<Transport, Provider> {
  readonly kind: 'http' | 'sse'
  /** Whether the connection is over when a stream that no request waits for ends. */
  readonly livesOnStream: boolean
  /** Makes a transport, which is not started. */
  createTransport(url: URL, options: WebTransportOptions<Provider>): Transport
  finishAuth(transport: Transport, callback: URLSearchParams): Promise<void>
  /** Says goodbye to the server. */
  leave?(transport: Transport): Promise<void>
  connect(line: OpenLine<Transport>, signal: AbortSignal): Promise<Connection>
  isUnauthorized(error: unknown): boolean
}

interface OpenedWeb<Transport> {
  readonly transport: Transport
  readonly failure: () => ConnectionError | undefined
}

/** Creates a connector to a server over HTTP. */
export function webConnector<
  Transport extends { close(): Promise<void> },
  Provider extends TokenStore,
>(options: WebOptions<Provider>, parts: WebParts<Transport, Provider>): Connector {
  const { headers = {}, allowPlainHttp = false, oauth } = options
  const url = checkUrl(options.url, allowPlainHttp)
  checkHeaders(headers)
  const secrets = [...Object.values(headers), ...url.searchParams.values()]
  const credentials =
    oauth === undefined || 'provider' in oauth ? undefined : new CredentialsProvider(oauth)
  const people = oauth !== undefined && 'provider' in oauth ? oauth : undefined

  function open(): OpenedWeb<Transport> {
    let ended: ConnectionError | undefined
    const onStreamEnd = (error: ConnectionError): void => {
      ended ??= error
      void transport.close().catch(() => undefined)
    }
    const capped = cappedFetch(maxMessageBytes, parts.livesOnStream ? { onStreamEnd } : {})
    const store = credentials ?? people?.provider
    const issuerOrigin = credentials?.issuerOrigin
    const transport = parts.createTransport(url, {
      // With an authorization server in play, headers are given out request by request.
      requestInit: { headers: store === undefined ? { ...headers } : {} },
      fetch:
        store === undefined
          ? capped
          : scopedFetch(capped, { url, headers, allowPlainHttp, issuerOrigin, store }),
      ...(store === undefined ? {} : { authProvider: store }),
    })
    return { transport, failure: () => ended }
  }

  async function authorize(transport: Transport): Promise<boolean> {
    const callback = people?.takeCallback?.()
    if (callback === undefined) return false
    await parts.finishAuth(transport, callback)
    return true
  }

  return {
    description: `${parts.kind}: ${url.origin}${url.pathname}`,
    connect: async (signal, onNotice) => {
      for (let isSecond = false; ; isSecond = true) {
        signal.throwIfAborted()
        const { transport, failure } = open()
        const line: OpenLine<Transport> = {
          transport,
          get secrets() {
            return credentials === undefined ? secrets : [...secrets, ...credentials.secrets]
          },
          isSession: parts.livesOnStream,
          failure,
          leave: async () => parts.leave?.(transport),
          authorize: async (error) => parts.isUnauthorized(error) && (await authorize(transport)),
          onNotice,
          elicit: options.elicit,
        }
        try {
          return await parts.connect(line, signal)
        } catch (error) {
          const isRefused = isConnectionError(error) && error.kind === 'unauthorized'
          if (isSecond || !isRefused || !(await authorize(transport))) throw error
        }
      }
    },
  }
}
