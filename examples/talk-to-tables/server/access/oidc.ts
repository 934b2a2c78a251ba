import { createHash } from 'node:crypto'
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import type { ServerConfig } from '../config/schema.ts'
import type { CallerOf } from './api-keys.ts'
import type { Caller } from './caller.ts'

type OidcConfig = NonNullable<ServerConfig['auth']['oidc']>

/** Signatures with a key pair; those with a shared secret would let a reader of our configuration write tokens. */
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
const fetchTimeoutMs = 5_000
/** Time for which an issuer that did not answer is not asked again, in milliseconds. */
const restMs = 1_000

/** Thrown when the issuer cannot be asked for its keys: the caller is not to blame. */
export class IssuerAwayError extends Error {
  override readonly name = 'IssuerAwayError'
}

/**
 * Verifies access tokens: signature, issuer, audience, times and a role that is known (RFC 9068
 * names the claims).
 *
 * @throws {@link IssuerAwayError} from the returned function, when keys cannot be fetched.
 */
export function oidcTokens(
  config: OidcConfig,
  callerOf: CallerOf,
  now: () => number = Date.now,
): (token: string) => Promise<Caller | undefined> {
  const { issuer, audience } = config
  let restsUntil = 0
  /** Whoever sends tokens without end must not make us ask the issuer without end. */
  const sparingly = async <Value>(ask: () => Promise<Value>): Promise<Value> => {
    if (now() < restsUntil) throw new TypeError('The issuer did not answer a moment ago.')
    try {
      return await ask()
    } catch (error) {
      restsUntil = now() + restMs
      throw error
    }
  }
  // Kept for as long as the process runs: keys that are known hold while the issuer is away.
  let keys: Promise<JWTVerifyGetKey> | undefined
  const keySet = async (): Promise<JWTVerifyGetKey> => {
    const url = config.jwks_url ?? (await sparingly(() => discover(issuer)))
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: fetchTimeoutMs,
      [customFetch]: (address, init) =>
        sparingly(async () => {
          const reply = await fetch(address, { ...init, redirect: 'error' })
          if (!reply.ok) throw new TypeError('The issuer gives no keys.')
          return reply
        }),
    })
  }
  const issuerMark = createHash('sha256').update(issuer).digest('hex').slice(0, 8)

  return async (token) => {
    // Anything else is a key of another kind, and the issuer is not bothered with it.
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined
    keys ??= keySet().catch((error: unknown) => {
      keys = undefined
      throw error
    })
    try {
      const getKey = await keys
      const options = { issuer, audience, algorithms, requiredClaims: ['sub', 'exp'] }
      const { payload } = await jwtVerify(token, getKey, options)
      const role = roleOf(payload, config)
      const id = `oidc:${issuerMark}:${payload.sub ?? ''}`
      const attributes = attributesOf(payload, config)
      return role === undefined || attributes === undefined
        ? undefined
        : callerOf(id, role, attributes)
    } catch (error) {
      if (isAboutToken(error)) return undefined
      throw new IssuerAwayError('The issuer of tokens does not give its keys.', { cause: error })
    }
  }
}

async function discover(issuer: string): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const signal = AbortSignal.timeout(fetchTimeoutMs)
  const response = await fetch(address, { signal, redirect: 'error' })
  const found: unknown = await response.json()
  if (typeof found !== 'object' || found === null) throw new TypeError('There is no description.')
  const said = 'issuer' in found ? found.issuer : undefined
  const url = 'jwks_uri' in found ? found.jwks_uri : undefined
  // OpenID Connect Discovery 1.0, section 4.3: it must be the issuer that was asked.
  if (said !== issuer || typeof url !== 'string') throw new TypeError('It describes another one.')
  return url
}

function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false
  return !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) &&
    error.code !== 'ERR_JOSE_GENERIC'
    ? true
    : false
}

/** The first role, in the order of the configuration, that a value of the claim means. */
function roleOf(payload: JWTPayload, { role_claim, roles }: OidcConfig): string | undefined {
  const claim = claimOf(payload, role_claim)
  const values = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return Object.entries(roles).find(([value]) => values.includes(value))?.[1]
}

/** `undefined` when one is missing: without it, a row filter would not hold. */
function attributesOf(
  payload: JWTPayload,
  { attributes }: OidcConfig,
): Caller['attributes'] | undefined {
  const found: Record<string, string | number | boolean> = {}
  for (const [attribute, claim] of Object.entries(attributes)) {
    const value = claimOf(payload, claim)
    if (!['string', 'number', 'boolean'].includes(typeof value)) return undefined
    found[attribute] = value as string | number | boolean
  }
  return found
}

/** A claim by name, or by a path such as `realm_access.roles`. */
function claimOf(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path]
  let value: unknown = payload
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
