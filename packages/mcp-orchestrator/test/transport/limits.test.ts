import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer, Server } from '@modelcontextprotocol/server'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { fromTransport, http } from '@t2t/mcp-orchestrator/sdk'
import { describe, expect, it } from 'vitest'
import { serveEachRequest } from '../fixtures/http-server.ts'

const calm = new AbortController().signal

interface Listing {
  readonly names: readonly string[]
  readonly nextCursor?: string
}

/** Connects to a server whose list of resources is paged as the function says. */
function paged(page: (cursor: string | undefined) => Listing) {
  const asked: (string | undefined)[] = []
  const connector = fromTransport(async () => {
    const server = new Server({ name: 'paged', version: '1' }, { capabilities: { resources: {} } })
    server.setRequestHandler('resources/list', ({ params }) => {
      asked.push(params?.cursor)
      const { names, ...rest } = page(params?.cursor)
      return { resources: names.map((name) => ({ name, uri: `paged://${name}` })), ...rest }
    })
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await server.connect(theirs)
    return ours
  })
  const list = async () => {
    const connection = await connector.connect(calm)
    try {
      return (await connection.listResources(calm)).map(({ name }) => name)
    } finally {
      await connection.close()
    }
  }
  return { asked, list }
}

describe('a list', () => {
  it('is read to its last page', async () => {
    const { list } = paged((cursor) =>
      cursor === undefined ? { names: ['a', 'b'], nextCursor: '2' } : { names: ['c'] },
    )

    expect(await list()).toEqual(['a', 'b', 'c'])
  })

  it('with a cursor that comes again is refused', async () => {
    const { list, asked } = paged(() => ({ names: ['a'], nextCursor: 'same' }))

    await expect(list()).rejects.toMatchObject({ kind: 'invalid' })
    expect(asked).toEqual([undefined, 'same'])
  })

  it('without end is refused after 64 pages', async () => {
    const { list, asked } = paged((cursor = '0') => ({
      names: ['a'],
      nextCursor: String(Number(cursor) + 1),
    }))

    await expect(list()).rejects.toThrow('The server gave a list with more than 64 pages.')
    expect(asked).toHaveLength(64)
  })

  it('of more than 1000 items is refused', async () => {
    const names = Array.from({ length: 1_001 }, (_, index) => `item-${index}`)
    const { list } = paged(() => ({ names }))

    await expect(list()).rejects.toThrow('The server gave a list with more than 1000 items.')
  })

  it('of a server that has no resources is empty', async () => {
    const connector = fromTransport(async () => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      await new Server({ name: 'bare', version: '1' }, { capabilities: {} }).connect(theirs)
      return ours
    })
    const connection = await connector.connect(calm)

    expect(await connection.listResources(calm)).toEqual([])
    expect(await connection.listTools(calm)).toEqual([])
    await connection.close()
  })
})

describe('an error that a server words', () => {
  it('is shown as one visible line without what looks like a secret', async () => {
    const { list } = paged(() => {
      throw new Error(`No\u202E rows\u0000 for\n\ntoken=abc123 ${'x'.repeat(5_000)}`)
    })

    const failure = await list().catch((error: unknown) => error)

    expect(failure).toMatchObject({ kind: 'refused' })
    expect(String(failure)).toMatch(/error -32603: No rows for token=\[redacted\] x+…$/)
    expect(String(failure).length).toBeLessThan(300)
  })
})

describe('a message over HTTP', () => {
  it.for(['json', 'sse'] as const)(
    'of 64 MiB as %s is cut off; the other resources of the server still arrive',
    async (form) => {
      const createServer = () => {
        const server = new McpServer({ name: 'huge', version: '1.0.0' })
        const huge = 'x'.repeat(64 * 1024 * 1024)
        server.registerResource('huge', 'huge://all', {}, ({ href }) => ({
          contents: [{ uri: href, text: huge }],
        }))
        server.registerResource('small', 'huge://small', {}, ({ href }) => ({
          contents: [{ uri: href, text: 'small' }],
        }))
        return server
      }
      await using server = await serveEachRequest(createServer, { isJson: form === 'json' })
      await using orchestrator = createOrchestrator({
        servers: [{ name: 'huge', priority: 1, connector: http({ url: server.url }) }],
      })

      const { items, failures } = await orchestrator.gather()

      expect(items.map(({ text }) => text)).toEqual(['small'])
      expect(failures).toEqual([
        {
          server: 'huge',
          stage: 'read',
          kind: 'invalid',
          uri: 'huge://all',
          message: 'The server sent a message of more than 4194304 bytes.',
        },
      ])
    },
  )
})
