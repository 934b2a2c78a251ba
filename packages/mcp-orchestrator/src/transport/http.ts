import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { OptionInvalidError } from '../errors/errors.ts'
import type { Connector } from '../upstream/connection.ts'
import { cappedFetch } from './capped-fetch.ts'
import { maxMessageBytes } from './limits.ts'
import { connectSdk } from './sdk-connection.ts'

/** How long saying goodbye to a server may take, in milliseconds. */
const leaveTimeoutMs = 1_000

/** Options for {@link http}. */
export interface HttpOptions {
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
}

/**
 * Creates a connector that talks to a server over streamable HTTP.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function http(options: HttpOptions): Connector {
  const { headers = {}, allowPlainHttp = false } = options
  const url = checkUrl(options.url, allowPlainHttp)
  const secrets = Object.values(headers)
  const fetchCapped = cappedFetch(maxMessageBytes)

  return {
    description: `http: ${url.origin}${url.pathname}`,
    connect: async (signal) => {
      const transport = new StreamableHTTPClientTransport(url, {
        requestInit: { headers: { ...headers } },
        fetch: fetchCapped,
      })
      return connectSdk(
        {
          transport,
          secrets,
          leave: () => endSession(transport),
        },
        signal,
      )
    },
  }
}

async function endSession(transport: StreamableHTTPClientTransport): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, leaveTimeoutMs)
  try {
    await Promise.race([transport.terminateSession(), patience.promise])
  } finally {
    clearTimeout(timer)
  }
}

function checkUrl(given: string | URL, allowPlainHttp: boolean): URL {
  const url = URL.parse(String(given))
  if (url === null) throw new OptionInvalidError('url must be an absolute address.')
  if (url.username !== '' || url.password !== '') {
    throw new OptionInvalidError('url must not hold a user or a password; use headers.')
  }
  if (url.protocol === 'https:') return url
  if (url.protocol !== 'http:') {
    throw new OptionInvalidError(`url must begin with https: or http:, got "${url.protocol}".`)
  }
  if (!allowPlainHttp && !isLoopback(url.hostname)) {
    throw new OptionInvalidError(
      `url must begin with https: unless it is of this machine, got "${url.origin}".`,
    )
  }
  return url
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
