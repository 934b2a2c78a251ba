import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { fromTransport, http } from '@t2t/mcp-orchestrator/sdk'
import {
  connectionContract,
  contractServer,
  scriptedConnector,
} from '@t2t/mcp-orchestrator/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { child } from '../fixtures/children.ts'
import { createContractMcpServer } from '../fixtures/contract-mcp-server.ts'
import { serveStateful, serveStateless, type HttpServer } from '../fixtures/http-server.ts'

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

describe('a connection in memory', () => {
  const connector = fromTransport(async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await createContractMcpServer().connect(theirs)
    return ours
  })

  it.for(connectionContract)('$promise', ({ check }) =>
    expect(check(connector)).resolves.toBeUndefined(),
  )
})

describe('a connection to a child process', () => {
  it.for(connectionContract)('$promise', ({ check }) =>
    expect(check(child('stdio-server.ts'))).resolves.toBeUndefined(),
  )
})

describe.each([
  ['without sessions', serveStateless],
  ['with sessions', serveStateful],
])('a connection over HTTP %s', (_, start) => {
  let server: HttpServer

  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it.for(connectionContract)('$promise', ({ check }) =>
    expect(check(http({ url: server.url }))).resolves.toBeUndefined(),
  )
})
