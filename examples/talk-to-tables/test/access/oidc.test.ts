import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticate } from '../../server/access/authenticate.ts'
import { oidcTokens } from '../../server/access/oidc.ts'
import { checkConfig } from '../../server/config/read-config.ts'
import { startServer } from '../fixtures/server.ts'

let issuer = ''
let close: () => Promise<void>
let privateKey: CryptoKey
let isAway = false
let asked: string[] = []
const other = await generateKeyPair('ES256')
const now = Math.floor(Date.now() / 1_000)

beforeAll(async () => {
  const pair = await generateKeyPair('ES256')
  ;({ privateKey } = pair)
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const body =
      request.url === '/jwks'
        ? { keys: [jwk] }
        : { issuer, jwks_uri: `${issuer}/jwks`, authorization_endpoint: `${issuer}/authorize` }
    response.writeHead(isAway ? 500 : 200, { 'content-type': 'application/json' })
    response.end(isAway ? 'away' : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = () => new Promise((resolve) => void server.close(() => resolve()))
})
afterAll(() => close())

const configOf = () =>
  checkConfig({
    auth: {
      oidc: {
        issuer,
        audience: 'https://chat.example/mcp',
        role_claim: 'realm_access.roles',
        roles: { staff: 'analyst' },
        attributes: { city: 'city' },
      },
    },
    roles: { analyst: { policies: ['analyst'] } },
    policies: { analyst: {} },
    databases: [{ name: 'shop', engine: 'demo' }],
    log: { level: 'silent' },
  })

const good = () => ({
  sub: 'u-1',
  aud: 'https://chat.example/mcp',
  iss: issuer,
  exp: now + 600,
  city: 'Vienna',
  realm_access: { roles: ['staff'] },
})
const sign = (claims: object, key = privateKey, kid = 'one') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
const callerWith = (token: string) =>
  createAuthenticate(configOf())(new Headers({ authorization: `Bearer ${token}` }))

describe('an access token', () => {
  it('tells who calls, their role and what is known of them', async () => {
    expect(await callerWith(await sign(good()))).toEqual({
      id: expect.stringMatching(/^oidc:[0-9a-f]{8}:u-1$/),
      role: 'analyst',
      attributes: { city: 'Vienna' },
      isAdmin: false,
    })
  })

  it.for([
    ['for another audience', { aud: 'https://mail.example' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that is over', { exp: now - 600 }],
    ['that does not hold yet', { nbf: now + 600 }],
    ['without an end', { exp: undefined }],
    ['without a subject', { sub: undefined }],
    ['without a role that is known', { realm_access: { roles: ['guest'] } }],
    ['without an attribute that a filter needs', { city: undefined }],
    ['with an attribute that is no plain value', { city: { $ne: '' } }],
  ] as const)('%s is none', async ([, claims]) => {
    expect(await callerWith(await sign({ ...good(), ...claims }))).toBeUndefined()
  })

  it('that the issuer did not sign is none', async () => {
    expect(await callerWith(await sign(good(), other.privateKey))).toBeUndefined()
    expect(await callerWith(await sign(good(), other.privateKey, 'two'))).toBeUndefined()
    expect(await callerWith(new UnsecuredJWT(good()).encode())).toBeUndefined()
    const secret = new TextEncoder().encode('x'.repeat(32))
    const shared = new SignJWT(good()).setProtectedHeader({ alg: 'HS256', kid: 'one' })
    expect(await callerWith(await shared.sign(secret))).toBeUndefined()
  })

  it('cannot be judged while the issuer is away, and can when it is back', async () => {
    const authenticate = createAuthenticate(configOf())
    const headers = new Headers({ authorization: `Bearer ${await sign(good())}` })
    isAway = true
    await expect(authenticate(headers)).rejects.toMatchObject({ name: 'IssuerAwayError' })
    isAway = false
    await expect
      .poll(() => authenticate(headers).catch(() => undefined), { timeout: 20_000, interval: 200 })
      .toMatchObject({ role: 'analyst' })
  })

  it('with a key that is known holds while the issuer is away, whatever others send', async () => {
    const authenticate = createAuthenticate(configOf())
    const bearing = (token: string) => new Headers({ authorization: `Bearer ${token}` })
    const headers = bearing(await sign(good()))
    expect(await authenticate(headers)).toMatchObject({ role: 'analyst' })
    isAway = true
    for (const kid of ['a', 'b', 'c'])
      await authenticate(bearing(await sign(good(), other.privateKey, kid))).catch(() => undefined)
    const meanwhile = await authenticate(headers)
    isAway = false
    expect(meanwhile).toMatchObject({ role: 'analyst' })
  })

  it('of unknown keys, sent without end, does not make us ask the issuer without end', async () => {
    const authenticate = createAuthenticate(configOf())
    asked = []
    const tokens = await Promise.all(
      Array.from({ length: 60 }, (_, at) => sign(good(), other.privateKey, `kid-${at}`)),
    )
    for (const token of tokens)
      await authenticate(new Headers({ authorization: `Bearer ${token}` })).catch(() => undefined)
    expect(asked.length).toBeLessThanOrEqual(3)
  })

  it('does not make us ask an issuer without end that is away', async () => {
    let time = 0
    const { oidc } = configOf().auth
    if (oidc === undefined) throw new Error('There is no issuer.')
    const caller = oidcTokens(
      oidc,
      (id, role, attributes) => ({ id, role, attributes, isAdmin: false }),
      () => time,
    )
    isAway = true
    asked = []
    const token = await sign(good())
    for (let at = 0; at < 20; at++) await caller(token).catch(() => undefined)
    expect(asked).toHaveLength(1)
    isAway = false
    time = 1_001
    expect(await caller(token)).toMatchObject({ role: 'analyst' })
  })

  it.for([
    ['a path as the name of its key', { kid: '../../../../etc/passwd' }],
    ['another place of its keys', { kid: 'one', jku: 'http://127.0.0.1:1/jwks' }],
    ['a certificate of its own', { kid: 'one', x5u: 'http://127.0.0.1:1/x' }],
  ] as const)('is none with %s', async ([, header]) => {
    const token = await new SignJWT(good())
      .setProtectedHeader({ alg: 'ES256', ...header })
      .sign(other.privateKey)
    expect(await callerWith(token)).toBeUndefined()
  })

  it('is none when it brings the key that it was signed with', async () => {
    const jwk = await exportJWK(other.publicKey)
    const token = await new SignJWT(good())
      .setProtectedHeader({ alg: 'ES256', jwk })
      .sign(other.privateKey)
    expect(await callerWith(token)).toBeUndefined()
  })

  it('may be offered as a protocol of a socket, where pages can send no headers', async () => {
    const offered = `t2t, t2t.key.${await sign(good())}`
    const caller = await createAuthenticate(configOf())(
      new Headers({ 'sec-websocket-protocol': offered }),
    )
    expect(caller).toMatchObject({ role: 'analyst' })
  })
})

describe('a server that takes access tokens', () => {
  it('says where to get one, as RFC 9728 wants it', async () => {
    await using server = await startServer({ config: configOf() })
    const { status, headers } = await server.post('/mcp', {})
    const { body } = await server.get('/.well-known/oauth-protected-resource')

    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain(
      'resource_metadata="http://127.0.0.1:8001/.well-known/oauth-protected-resource"',
    )
    expect(body).toMatchObject({ authorization_servers: [issuer] })
    const asked = await server.post(
      '/api/chat',
      { query: 'how many orders' },
      {
        headers: { authorization: `Bearer ${await sign(good())}` },
      },
    )
    expect(asked.status).toBe(200)
  })
})
