import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import {
  connectionContract,
  contractServer,
  scriptedConnector,
} from '@t2t/mcp-orchestrator/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { child } from '../fixtures/children.ts'
import { createContractMcpServer } from '../fixtures/contract-mcp-server.ts'
import { serveStateful, serveStateless, type HttpServer } from '../fixtures/http-server.ts'
import { serveSse } from '../fixtures/sse-server.ts'

describe('a scripted connection', () => {
  const { resources, binary, tools } = contractServer
  const connector = scriptedConnector({
    resources: [...resources, binary],
    tools: [
      {
        name: tools.echo,
        answer: ({ text }) => ({ isError: false, text: String(text), structured: { text } }),
      },
      { name: tools.broken, answer: () => ({ isError: true, text: 'broken' }) },
      { name: tools.silent, answer: () => Promise.withResolvers<never>().promise },
    ],
  })

  it.for(connectionContract)('$promise', ({ check }) =>
    expect(check(connector)).resolves.toBeUndefined(),
  )
})

const adapters = [
  ['./sdk', legacy],
  ['./modern', modern],
] as const

describe.each(adapters)('a connection of %s', (_, { fromTransport, http, sse }) => {
  describe('in memory', () => {
    const connector = fromTransport(async () => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      await createContractMcpServer().connect(theirs)
      return ours
    })

    it.for(connectionContract)('$promise', ({ check }) =>
      expect(check(connector)).resolves.toBeUndefined(),
    )
  })

  describe.each([
    ['HTTP without sessions', serveStateless, http],
    ['HTTP with sessions', serveStateful, http],
    ['SSE', serveSse, sse],
  ])('over %s', (__, start, connector) => {
    let server: HttpServer

    beforeAll(async () => {
      server = await start()
    })
    afterAll(() => server[Symbol.asyncDispose]())

    it.for(connectionContract)('$promise', ({ check }) =>
      expect(check(connector({ url: server.url }))).resolves.toBeUndefined(),
    )
  })
})

describe.each([
  ['./sdk', child('stdio-server.ts')],
  ['./modern', child('stdio-server.ts', { connect: modern.stdio })],
  [
    './modern that speaks the new protocol alone',
    child('stdio-server.ts', {
      connect: (options) => modern.stdio({ ...options, protocol: 'modern' }),
    }),
  ],
])('a connection to a child process of %s', (_, connector) => {
  it.for(connectionContract)('$promise', ({ check }) =>
    expect(check(connector)).resolves.toBeUndefined(),
  )
})
