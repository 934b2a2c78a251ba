import { createSqlAssistant } from '@t2t/llm-sql'
import { mcpContext, mcpRunner } from '@t2t/llm-sql/mcp'
import { mergeMetadata } from '@t2t/llm-sql/metadata'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import type { Gathered, GatheredItem, ToolCall, ToolOutcome } from '@t2t/mcp-orchestrator'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, openShop, shopMetadata, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)
const never = new AbortController().signal

function item(server: string, priority: number, mimeType: string, text: string): GatheredItem {
  return {
    server,
    priority,
    uri: `test://${server}`,
    mimeType,
    text,
    trust: 'untrusted',
    bytes: text.length,
    isTruncated: false,
    fetchedAt: 0,
  }
}

const catalogItem = item('shop', 10, 'application/vnd.t2t.catalog+json', JSON.stringify(catalog))
const metadataItem = item(
  'words',
  1,
  'application/vnd.t2t.metadata+json; charset=utf-8',
  JSON.stringify(shopMetadata.metadata),
)

function gathering(items: readonly GatheredItem[], failures: Gathered['failures'] = []) {
  return {
    gather: async (): Promise<Gathered> => ({ items, failures, isComplete: failures.length === 0 }),
  }
}

function calling(outcome: ToolOutcome) {
  const calls: ToolCall[] = []
  return {
    calls,
    callTool: async (call: ToolCall): Promise<ToolOutcome> => {
      calls.push(call)
      return outcome
    },
  }
}

function result(
  structured: Record<string, unknown> | undefined,
  text = '',
  isError = false,
): ToolOutcome {
  return { kind: 'result', server: 'shop', tool: 'query', isError, text, structured }
}

describe('a context from MCP servers', () => {
  it('is made of the same objects as long as the servers say the same, and tells failures anew', async () => {
    let said: Gathered = { items: [catalogItem, metadataItem], failures: [], isComplete: true }
    const context = mcpContext({ gather: async () => said })
    const first = await context(never)
    const failure = {
      server: 'other',
      stage: 'read',
      kind: 'timeout',
      message: 'It is late.',
    } as const
    said = { items: structuredClone(said.items), failures: [failure], isComplete: false }
    const second = await context(never)
    const changed = { ...catalogItem, text: JSON.stringify({ ...catalog, version: 'next' }) }
    said = { items: [changed, metadataItem], failures: [], isComplete: true }
    const third = await context(never)

    expect(second.catalog).toBe(first.catalog)
    expect(second.metadata).toBe(first.metadata)
    expect(second.missing).toEqual([{ name: 'other', reason: 'It is late.' }])
    expect(third.catalog.version).toBe('next')
    expect(third.missing).toEqual([])
  })

  it('recognises catalog and metadata by their MIME type, and leaves other resources alone', async () => {
    const readme = item('shop', 10, 'text/markdown', '# Shop')

    const context = await mcpContext(gathering([readme, catalogItem, metadataItem]))(never)

    expect(context.catalog).toEqual(JSON.parse(JSON.stringify(catalog)))
    expect(context.metadata).toEqual([
      {
        metadata: shopMetadata.metadata,
        source: { name: 'words', uri: 'test://words', priority: 1 },
      },
    ])
    expect(context.sources).toEqual([
      { name: 'words', uri: 'test://words', priority: 1 },
      { name: 'shop', uri: 'test://shop', priority: 10 },
    ])
    expect(context.missing).toEqual([])
  })

  it('keeps the definition of the lower number, and the first catalog', async () => {
    const other = {
      ...shopMetadata.metadata,
      aliases: [
        { term: 'ABRACADABRA', column: 'products.id', value: 1 },
        { term: 'lamp', column: 'products.id', value: 120 },
      ],
    }
    const items = [
      item('late', 5, 'application/vnd.t2t.metadata+json', JSON.stringify(other)),
      { ...catalogItem, server: 'copy', priority: 20 },
      catalogItem,
      metadataItem,
    ]

    const context = await mcpContext(gathering(items))(never)

    const merged = mergeMetadata(context.metadata, context.catalog)
    expect(
      merged.metadata.map(({ metadata }) => metadata.aliases?.map(({ term }) => term)),
    ).toEqual([['abracadabra'], ['lamp']])
    expect(merged.metadata.map(({ metadata }) => metadata.translations?.length)).toEqual([1, 0])
    expect(merged.conflicts).toMatchObject([
      {
        term: 'ABRACADABRA',
        kept: { source: { name: 'words' }, priority: 1 },
        dropped: { source: { name: 'late' }, priority: 5 },
      },
    ])
    expect(context.catalogSource?.name).toBe('shop')
  })

  it.for([
    ['text that is not JSON', 'oops'],
    ['a list', '[]'],
    ['an object of another kind', '{"prices":[]}'],
    ['aliases that are no list', '{"aliases":{}}'],
  ] as const)('names metadata as missing when it is %s', async ([, text]) => {
    const context = await mcpContext(gathering([catalogItem, { ...metadataItem, text }]))(never)

    expect(context.missing).toEqual([
      { name: 'words', reason: 'The metadata test://words is not valid.' },
    ])
    expect(context.metadata).toEqual([])
  })

  it('drops entries that are malformed, keeps the rest, and says so', async () => {
    const aliases = [
      { term: 'good', column: 'products.id', value: 1, script: 'evil' },
      { term: 'no column', value: 1 },
      { term: 'strange', column: 'products.id; DROP TABLE orders', value: 1 },
      { term: 'x'.repeat(500), column: 'products.id', value: 1 },
      { term: '', column: 'products.id', value: 1 },
      'text',
      null,
    ]
    const context = await mcpContext(
      gathering([catalogItem, { ...metadataItem, text: JSON.stringify({ aliases }) }]),
    )(never)

    expect(context.metadata[0]?.metadata).toEqual({
      aliases: [{ term: 'good', column: 'products.id', value: 1 }],
    })
    expect(context.missing).toEqual([
      { name: 'words', reason: '6 entries of test://words are not valid.' },
    ])
  })

  it('names servers that did not answer', async () => {
    const failure = {
      server: 'words',
      stage: 'connect',
      kind: 'unreachable',
      message: 'It cannot be reached.',
    } as const

    expect((await mcpContext(gathering([catalogItem], [failure]))(never)).missing).toEqual([
      { name: 'words', reason: 'It cannot be reached.' },
    ])
  })

  it.for([
    ['there is none', []],
    ['it is not valid', [{ ...catalogItem, text: '{"tables":[]}' }]],
    ['it was cut off', [{ ...catalogItem, isTruncated: true }]],
  ] as const)('fails without a catalog when %s', async ([, items]) => {
    await expect(mcpContext(gathering(items))(never)).rejects.toMatchObject({
      code: 'LLM_SQL_CATALOG_MISSING',
      missing: items.map(() => ({ name: 'shop', reason: expect.stringContaining('catalog') })),
    })
  })

  it('makes the answer say which server is missing when there is no catalog', async () => {
    const failure = {
      server: 'shop',
      stage: 'connect',
      kind: 'timeout',
      message: 'It took too long.',
    } as const
    const assistant = createSqlAssistant({
      context: mcpContext(gathering([], [failure])),
      guard: (known) =>
        createSqlGuard({ dialect: sqlite(), catalog: known, policy: definePolicy() }),
      run: mcpRunner(calling(result({})), { server: 'shop' }),
      generator: offlineGenerator(),
      today,
    })

    expect(await assistant.ask('How many orders?').answer).toMatchObject({
      kind: 'failed',
      code: 'catalog-missing',
      missing: [{ name: 'shop', reason: 'It took too long.' }],
    })
  })
})

describe('a runner over MCP', () => {
  it('calls the query tool and reads its rows', async () => {
    const orchestrator = calling(
      result({
        columns: [{ name: 'n', type: 'integer' }],
        rows: [[7]],
        row_count: 1,
        truncated: false,
      }),
    )

    const run = await mcpRunner(orchestrator, { server: 'shop', database: 'main', maxRows: 50 })(
      'SELECT 7 AS n',
      never,
    )

    expect(run).toEqual({ kind: 'rows', columns: ['n'], rows: [[7]], isTruncated: false })
    expect(orchestrator.calls).toEqual([
      {
        server: 'shop',
        tool: 'query',
        input: { sql: 'SELECT 7 AS n', database: 'main', max_rows: 50 },
      },
    ])
  })

  it('takes columns as names, JSON from the text, and says when rows are missing', async () => {
    const text = JSON.stringify({ columns: ['n'], rows: [[1], [2]], row_count: 2, truncated: true })

    expect(
      await mcpRunner(calling(result(undefined, text)), { server: 'shop' })('SELECT 1', never),
    ).toEqual({ kind: 'rows', columns: ['n'], rows: [[1], [2]], isTruncated: true })
  })

  it.for([
    [
      'an error of the tool',
      result(undefined, 'The guard\nrefused it.', true),
      { message: 'The guard refused it.', code: 'tool-failed' },
    ],
    ['a result of another shape', result({ ok: true }), { code: 'result-invalid' }],
    ['text that is not JSON', result(undefined, 'hello'), { code: 'result-invalid' }],
    [
      'cells that are objects',
      result({ columns: ['n'], rows: [[{}]] }),
      { code: 'result-invalid' },
    ],
    [
      'a server that is away',
      {
        kind: 'failed',
        failure: { server: 'shop', stage: 'call', kind: 'closed', message: 'It is gone.' },
      } as const,
      { message: 'It is gone.', code: 'closed' },
    ],
  ] as const)('gives a failed run for %s', async ([, outcome, expected]) => {
    expect(await mcpRunner(calling(outcome), { server: 'shop' })('SELECT 1', never)).toMatchObject({
      kind: 'failed',
      ...expected,
    })
  })
})
