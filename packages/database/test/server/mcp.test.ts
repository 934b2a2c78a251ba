import { request } from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createDatabase, type Database } from '@t2t/database'
import {
  createDatabaseMcpServer,
  type DatabaseMcpHttpServer,
  serveDatabaseMcpOverHttp,
} from '@t2t/database/mcp'
import { sqlite } from '@t2t/database/sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { canaries, openShop, shopPolicy } from '../databases/shop.ts'
import { hasSqlite } from '../engine/has-sqlite.ts'

let shop: Database
let client: Client

beforeEach(async () => {
  shop = await createDatabase({
    name: 'shop',
    engine: sqlite({ database: openShop() }),
    policy: shopPolicy,
  })
  client = new Client({ name: 'test', version: '1' })
})

afterEach(async () => {
  await client.close()
  await shop.close()
})

async function connectInMemory(databases: readonly Database[] = [shop]): Promise<void> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await createDatabaseMcpServer({ databases }).connect(theirs)
  await client.connect(ours)
}

const errorsSchema = z.object({
  errors: z.array(
    z.object({
      class: z.string(),
      message: z.string(),
      candidates: z.array(z.string()).optional(),
    }),
  ),
})

async function errorsOf(name: string, args: Record<string, unknown>) {
  const result = await client.callTool({ name, arguments: args })
  expect(result.isError).toBe(true)
  const [content] = z.array(z.object({ text: z.string() })).parse(result.content)
  return errorsSchema.parse(JSON.parse(content?.text ?? '')).errors
}

/** Questions that try to get at what is hidden, and some that are harmless. */
const attempts: readonly string[] = [
  'SELECT * FROM customers',
  'SELECT c FROM customers c',
  'SELECT * FROM orders JOIN customers ON customers.id = orders.customer_id',
  'SELECT emial FROM customers',
  'SELECT 1 FROM customers ORDER BY 3',
  'SELECT * FROM contacts',
  'SELECT * FROM contact',
  'SELECT * FROM salary',
  'SELECT id FROM (SELECT * FROM customers)',
  'SELECT nothing FROM customers',
  'SELECT sql FROM sqlite_schema',
  "SELECT name FROM pragma_table_info('customers')",
  'SELECT group_concat(name) FROM customers',
  'SELECT count(*) FROM customers',
  'not sql at all',
]

describe.skipIf(!hasSqlite)('the MCP server', () => {
  it('gives rows in a structured form that it describes', async () => {
    await connectInMemory()
    await client.listTools()

    const result = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT id, total FROM orders ORDER BY id' },
    })

    expect(result.structuredContent).toEqual({
      database: 'shop',
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'total', type: 'BIGINT' },
      ],
      rows: [
        [1, 30],
        [2, 12],
        [3, '9007199254740993'],
      ],
      row_count: 3,
      truncated: false,
    })
    expect(result.content).toEqual([
      { type: 'text', text: JSON.stringify(result.structuredContent) },
    ])
  })

  it('says when there were more rows', async () => {
    await connectInMemory()

    const { structuredContent } = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT id FROM orders', max_rows: 2 },
    })

    expect(structuredContent).toMatchObject({
      row_count: 2,
      truncated: true,
      truncated_by: { cap: 'rows', limit: 2, rows_seen: 3 },
    })
  })

  it('says why a text is refused, and what could be meant', async () => {
    await connectInMemory()

    const [dropped] = await errorsOf('query', { sql: 'DROP TABLE orders' })
    const [misspelt] = await errorsOf('query', { sql: 'SELECT id FROM order' })
    const [unknown] = await errorsOf('query', { sql: 'SELECT totall FROM orders' })

    expect(dropped?.class).toBe('statement-kind-refused')
    expect(misspelt?.class).toBe('syntax-invalid')
    expect(unknown).toMatchObject({ class: 'column-unknown', candidates: ['total'] })
  })

  it('says what failed in the engine, without values', async () => {
    await connectInMemory()

    const [error] = await errorsOf('query', { sql: "SELECT json('oops') FROM orders" })

    expect(error).toMatchObject({ class: 'DATABASE_QUERY_FAILED' })
    expect(error?.message).not.toContain('oops')
  })

  it('says nothing about a fault of its own', async () => {
    const faulty: Database = {
      ...shop,
      query: () => Promise.reject(new Error('password of the pool')),
    }
    await connectInMemory([faulty])

    expect(await errorsOf('query', { sql: 'SELECT 1' })).toEqual([
      { class: 'internal', message: 'The call failed inside the server.' },
    ])
  })

  it('finds tables by words', async () => {
    await connectInMemory()

    const { structuredContent } = await client.callTool({
      name: 'search_schema',
      arguments: { words: 'total per order' },
    })

    expect(structuredContent).toEqual({
      tables: [
        {
          database: 'shop',
          table: 'main.orders',
          kind: 'table',
          columns: [
            { name: 'total', type: 'BIGINT' },
            { name: 'id', type: 'BIGINT' },
            { name: 'customer_id', type: 'BIGINT', references: 'main.customers.id' },
          ],
        },
      ],
    })
  })

  it('lists its databases and asks which one is meant', async () => {
    const other = await createDatabase({
      name: 'archive',
      engine: sqlite({ database: openShop() }),
      policy: shopPolicy,
    })
    await connectInMemory([shop, other])

    const { structuredContent } = await client.callTool({ name: 'list_databases', arguments: {} })
    const [unnamed] = await errorsOf('query', { sql: 'SELECT 1' })
    const [misnamed] = await errorsOf('search_schema', { words: 'x', database: 'nope' })
    const named = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT count(*) AS n FROM orders', database: 'archive' },
    })

    await other.close()
    expect(structuredContent).toEqual({
      databases: [
        { name: 'shop', dialect: 'sqlite', tables: 3 },
        { name: 'archive', dialect: 'sqlite', tables: 3 },
      ],
    })
    expect(unnamed).toMatchObject({ class: 'database-unknown', candidates: ['shop', 'archive'] })
    expect(misnamed?.class).toBe('database-unknown')
    expect(named.structuredContent).toMatchObject({ database: 'archive', rows: [[3]] })
  })

  it('gives the visible catalog as a resource', async () => {
    await connectInMemory()

    const { resources } = await client.listResources()
    const { contents } = await client.readResource({ uri: 'db://shop/catalog' })

    expect(resources).toMatchObject([
      { uri: 'db://shop/catalog', mimeType: 'application/vnd.t2t.catalog+json' },
    ])
    const [content] = z.array(z.object({ text: z.string() })).parse(contents)
    expect(JSON.parse(content?.text ?? '')).toEqual(await shop.catalog())
  })

  it('never shows what the policy hides, on any path that it has', async () => {
    await connectInMemory()
    const { tools } = await client.listTools()
    const { resources } = await client.listResources()
    const { resourceTemplates } = await client.listResourceTemplates()
    const argumentsOf: Record<string, readonly Record<string, unknown>[]> = {
      query: attempts.map((sql) => ({ sql })),
      search_schema: ['customer', 'mail', 'amount', 'id', 'name'].map((words) => ({ words })),
      list_databases: [{}],
    }

    const shown: string[] = [JSON.stringify([tools, resources])]
    for (const { name } of tools) {
      for (const args of argumentsOf[name] ?? []) {
        shown.push(JSON.stringify(await client.callTool({ name, arguments: args })))
      }
    }
    for (const { uri } of resources) shown.push(JSON.stringify(await client.readResource({ uri })))

    expect(resourceTemplates).toEqual([])
    expect(tools.map(({ name }) => name)).toEqual(['query', 'search_schema', 'list_databases'])
    expect(shown.filter((text) => canaries.test(text))).toEqual([])
  })

  it('costs a model at most 1,400 tokens of tool descriptions', async () => {
    await connectInMemory()

    const { tools } = await client.listTools()

    // English JSON has more than three characters per token.
    expect(JSON.stringify(tools).length / 3).toBeLessThan(1_400)
  })

  it('needs databases that differ in name', () => {
    const invalid = expect.objectContaining({ code: 'DATABASE_OPTION_INVALID' })

    expect(() => createDatabaseMcpServer({ databases: [] })).toThrow(invalid)
    expect(() => createDatabaseMcpServer({ databases: [shop, shop] })).toThrow(invalid)
  })
})

describe.skipIf(!hasSqlite)('the MCP server over HTTP', () => {
  let server: DatabaseMcpHttpServer

  beforeEach(async () => {
    server = await serveDatabaseMcpOverHttp({ databases: [shop] })
  })

  afterEach(async () => {
    await server.close()
  })

  it('serves clients on loopback', async () => {
    await client.connect(new StreamableHTTPClientTransport(new URL(server.url)))

    const { structuredContent } = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT count(*) AS n FROM orders' },
    })

    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/)
    expect(structuredContent).toMatchObject({ rows: [[3]] })
  })

  it('serves the specification of 2026-07-28 at the same address', async () => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const response = await post(
      { jsonrpc: '2.0', id: 1, method: 'resources/list', params: { _meta: meta } },
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'resources/list' },
    )

    expect(response.status).toBe(200)
    expect(await response.text()).toContain('db://shop/catalog')
  })

  it('refuses a foreign host', async () => {
    const { port } = new URL(server.url)

    const status = await new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path: '/mcp', headers: { host: 'evil.example' } }
      request(options, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end()
    })

    expect(status).toBe(403)
  })

  it('refuses a foreign origin, a foreign path and a large body', async () => {
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

    const foreign = await post(list, { origin: 'https://evil.example' })
    const large = await post({ ...list, params: { filler: 'x'.repeat(1_048_577) } })
    const elsewhere = await fetch(new URL('/other', server.url))

    expect([foreign.status, large.status, elsewhere.status]).toEqual([403, 413, 404])
  })

  it('listens beyond loopback only for named hosts', async () => {
    await expect(
      serveDatabaseMcpOverHttp({ databases: [shop], host: '0.0.0.0' }),
    ).rejects.toMatchObject({ code: 'DATABASE_OPTION_INVALID' })
  })

  it('closes twice without harm and leaves the databases open', async () => {
    await server.close()
    await server.close()

    await expect(shop.ping()).resolves.toBeUndefined()
    await expect(fetch(server.url)).rejects.toThrow('fetch failed')
  })

  function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify(body),
    })
  }
})
