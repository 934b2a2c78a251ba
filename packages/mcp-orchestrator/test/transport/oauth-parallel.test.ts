import type { RequestListener } from 'node:http'
import { createOrchestrator, type Connector } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { describe, expect, it } from 'vitest'
import {
  serveAuthorization,
  serveProtected,
  type AuthorizationServer,
} from '../fixtures/authorization-server.ts'
import { serve } from '../fixtures/http-server.ts'
import { sseListener } from '../fixtures/sse-server.ts'

const secret = 'hunter2-of-a'
const calm = new AbortController().signal

interface Way {
  readonly connect: (options: legacy.HttpOptions & modern.HttpOptions) => Connector
  readonly listener?: () => RequestListener
}

const ways: Readonly<Record<string, Way>> = {
  './sdk over HTTP': { connect: legacy.http },
  './modern over HTTP': { connect: modern.http },
  './modern over HTTP in the old protocol': {
    connect: (options) => modern.http({ ...options, protocol: 'legacy' }),
  },
  './sdk over SSE': { connect: legacy.sse, listener: sseListener },
  './modern over SSE': { connect: modern.sse, listener: sseListener },
}

const oauthOf = ({ issuer }: AuthorizationServer) => ({
  issuer,
  clientId: 'client-a',
  clientSecret: secret,
})
const tokenRequests = ({ heard }: AuthorizationServer) =>
  heard.filter(({ path }) => path === '/token').length

describe.each(Object.entries(ways))('a token, with %s,', (_, { connect, listener }) => {
  const protect = (gives: AuthorizationServer) =>
    serveProtected(gives.accepts, gives.issuer, listener?.())

  it('is got when the server wants one', async () => {
    await using gives = await serveAuthorization('client-a', secret)
    await using server = await protect(gives)
    const connection = await connect({ url: server.url, oauth: oauthOf(gives) }).connect(calm)

    const { text } = await connection.callTool('echo', { text: 'hello' }, calm)

    await connection.close()
    expect([text, tokenRequests(gives)]).toEqual(['hello', 1])
  })

  it('is asked for once when many calls are refused at the same time', async () => {
    await using gives = await serveAuthorization('client-a', secret)
    await using server = await protect(gives)
    await using orchestrator = createOrchestrator({
      servers: [
        { name: 'a', priority: 1, connector: connect({ url: server.url, oauth: oauthOf(gives) }) },
      ],
    })
    await orchestrator.connect()
    const texts = Array.from({ length: 24 }, (__, index) => `call ${index}`)

    for (const round of [2, 3]) {
      gives.revoke()
      const outcomes = await Promise.all(
        texts.map((text) => orchestrator.callTool({ server: 'a', tool: 'echo', input: { text } })),
      )

      expect(outcomes.map((outcome) => outcome.kind === 'result' && outcome.text)).toEqual(texts)
      expect(tokenRequests(gives)).toBe(round)
    }
  })

  it('is asked for by each server for itself, also from the same authorization server', async () => {
    await using gives = await serveAuthorization('client-a', secret)
    await using one = await protect(gives)
    await using two = await protect(gives)
    const connections = await Promise.all(
      [one, two].map(({ url }) => connect({ url, oauth: oauthOf(gives) }).connect(calm)),
    )
    await Promise.all(connections.map((connection) => connection.close()))

    expect(tokenRequests(gives)).toBe(2)
    const sent = [one, two].map(
      ({ heard }) => new Set(heard.flatMap(({ authorization }) => authorization ?? [])),
    )
    expect(sent.map(({ size }) => size)).toEqual([1, 1])
    expect(sent[0]).not.toEqual(sent[1])
  })

  it('is not asked for anew when the next call is refused after one was got', async () => {
    await using gives = await serveAuthorization('client-a', secret)
    await using server = await protect({ ...gives, accepts: () => false })
    const connecting = connect({ url: server.url, oauth: oauthOf(gives) }).connect(calm)

    await expect(connecting).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(tokenRequests(gives)).toBe(1)
  })

  it('is not followed to where a redirect of the authorization server leads', async () => {
    const stolen: unknown[] = []
    await using thief = await serve((request, response) => {
      stolen.push(request.url)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{"access_token":"of-the-thief","token_type":"Bearer"}')
    })
    await using gives = await serve((_request, response) => {
      response.writeHead(307, { location: thief.url }).end()
    })
    const { origin: issuer } = new URL(gives.url)
    await using server = await serveProtected(() => false, issuer, listener?.())
    const oauth = { issuer, clientId: 'client-a', clientSecret: secret }
    const connecting = connect({ url: server.url, oauth }).connect(calm)

    await expect(connecting).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(stolen).toEqual([])
  })
})
