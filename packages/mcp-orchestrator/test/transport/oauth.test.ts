import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { parseConfig } from '@t2t/mcp-orchestrator/config'
import { http as modernHttp } from '@t2t/mcp-orchestrator/modern'
import { http } from '@t2t/mcp-orchestrator/sdk'
import { describe, expect, it } from 'vitest'
import {
  serveAuthorization,
  serveProtected,
  type HearingServer,
} from '../fixtures/authorization-server.ts'
import { serve } from '../fixtures/http-server.ts'

const secrets = { A_SECRET: 'hunter2-of-a', B_SECRET: 'hunter2-of-b' }

function configOf(protocol: string, servers: Readonly<Record<string, readonly [string, string]>>) {
  const text = Object.entries(servers)
    .map(
      ([name, [url, issuer]], index) => `
  - name: ${name}
    transport: http
    protocol: ${protocol}
    url: ${url}
    priority: ${index + 1}
    headers: { x-key: key-of-${name} }
    oauth:
      issuer: ${issuer}
      client_id: client-${name}
      client_secret: '\${${name.toUpperCase()}_SECRET}'
      scopes: [read, write]`,
    )
    .join('')
  return parseConfig(`mcp_servers:${text}`, { env: secrets })
}

const call = { tool: 'echo', input: { text: 'hello' } }
const sentTo = ({ heard }: HearingServer) =>
  new Set(heard.flatMap(({ authorization }) => authorization ?? []))

describe.each(['legacy', 'auto'])('a server with oauth, in the protocol %s,', (protocol) => {
  it('is called with a token of its own, which no other server gets', async () => {
    await using givesA = await serveAuthorization('client-a', secrets.A_SECRET)
    await using givesB = await serveAuthorization('client-b', secrets.B_SECRET)
    await using a = await serveProtected(givesA.accepts, givesA.issuer)
    await using b = await serveProtected(givesB.accepts, givesB.issuer)
    const { options } = await configOf(protocol, {
      a: [a.url, givesA.issuer],
      b: [b.url, givesB.issuer],
    })
    await using orchestrator = createOrchestrator(options)

    const outcomes = await Promise.all(
      ['a', 'b'].map((server) => orchestrator.callTool({ server, ...call })),
    )

    expect(outcomes).toMatchObject([{ text: 'hello' }, { text: 'hello' }])
    expect([...sentTo(a)].every((sent) => sent.startsWith('Bearer client-a-token'))).toBe(true)
    expect([...sentTo(b)].every((sent) => sent.startsWith('Bearer client-b-token'))).toBe(true)
    expect(sentTo(a).size).toBe(1)
    const asked = givesA.heard.find(({ path }) => path === '/token')
    expect(new URLSearchParams(asked?.body).get('scope')).toBe('read write')
    expect([...givesA.heard, ...givesB.heard].filter(({ key }) => key !== undefined)).toEqual([])
    expect(a.heard.every(({ key }) => key === 'key-of-a')).toBe(true)
  })

  it('gets a new token when the one that it had is taken back', async () => {
    await using gives = await serveAuthorization('client-a', secrets.A_SECRET)
    await using a = await serveProtected(gives.accepts, gives.issuer)
    const { options } = await configOf(protocol, { a: [a.url, gives.issuer] })
    await using orchestrator = createOrchestrator(options)
    await orchestrator.connect()

    gives.revoke()
    const outcome = await orchestrator.callTool({ server: 'a', ...call })

    expect(outcome).toMatchObject({ kind: 'result', text: 'hello' })
    expect(sentTo(a).size).toBeGreaterThan(1)
  })

  it('is auth-required when the secret is wrong, and nothing repeats the secret', async () => {
    await using gives = await serveAuthorization('client-a', 'another-secret')
    await using a = await serveProtected(gives.accepts, gives.issuer)
    const { options } = await configOf(protocol, { a: [a.url, gives.issuer] })
    await using orchestrator = createOrchestrator(options)

    const failures = await orchestrator.connect()

    expect(failures).toMatchObject([
      { kind: 'unauthorized', message: 'The authorization server gave no token (invalid_client).' },
    ])
    expect(orchestrator.getStatus().servers).toMatchObject([{ state: 'auth-required' }])
    expect(JSON.stringify([failures, orchestrator.getStatus()])).not.toMatch(/hunter2|another-sec/)
  })

  it('is unreachable when the authorization server cannot give tokens now', async () => {
    const refusal = { status: 503, error: 'temporarily_unavailable' }
    await using gives = await serveAuthorization('client-a', secrets.A_SECRET, refusal)
    await using a = await serveProtected(gives.accepts, gives.issuer)
    const { options } = await configOf(protocol, { a: [a.url, gives.issuer] })
    await using orchestrator = createOrchestrator(options)

    expect(await orchestrator.connect()).toMatchObject([{ kind: 'unreachable' }])
  })

  it('is auth-required when it accepts no token', async () => {
    await using gives = await serveAuthorization('client-a', secrets.A_SECRET)
    await using a = await serveProtected(() => false, gives.issuer)
    const { options } = await configOf(protocol, { a: [a.url, gives.issuer] })
    await using orchestrator = createOrchestrator(options)

    expect(await orchestrator.connect()).toMatchObject([{ kind: 'unauthorized' }])
    expect(gives.heard.filter(({ path }) => path === '/token')).toHaveLength(1)
  })

  it('cannot send the secret to an authorization server of its own choice', async () => {
    await using evil = await serveAuthorization('client-a', secrets.A_SECRET)
    await using honest = await serveAuthorization('client-a', secrets.A_SECRET)
    await using a = await serveProtected(honest.accepts, evil.issuer)
    const { options } = await configOf(protocol, { a: [a.url, honest.issuer] })
    await using orchestrator = createOrchestrator(options)

    const outcome = await orchestrator.callTool({ server: 'a', ...call })

    expect(outcome).toMatchObject({ kind: 'result' })
    expect(evil.heard).toEqual([])
  })
})

describe.each([
  ['./sdk', http],
  ['./modern', modernHttp],
] as const)('with %s, a server that points elsewhere', (_, connect) => {
  it('does not make the client ask there', async () => {
    const asked: unknown[] = []
    await using inside = await serve((request, response) => {
      asked.push(request.url)
      response.writeHead(200).end('{}')
    })
    await using gives = await serveAuthorization('client-a', secrets.A_SECRET)
    await using hostile = await serve((_request, response) => {
      const elsewhere = `Bearer resource_metadata="${inside.url}/admin"`
      response.writeHead(401, { 'www-authenticate': elsewhere }).end()
    })
    const oauth = { issuer: gives.issuer, clientId: 'client-a', clientSecret: secrets.A_SECRET }
    const connecting = connect({ url: hostile.url, oauth }).connect(new AbortController().signal)

    await expect(connecting).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(asked).toEqual([])
  })
})
