import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import { stdio, type StdioOptions } from '@t2t/mcp-orchestrator/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 't2t-metadata-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(content: string, name = 'metadata.json'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

function metadataServer(path?: string, connect: typeof stdio = stdio) {
  const main = join(import.meta.dirname, '..', 'main.ts')
  const args = ['--conditions=@t2t/source', main, ...(path === undefined ? [] : [path])]
  return createOrchestrator({
    servers: [
      { name: 'metadata', priority: 1, connector: connect({ command: process.execPath, args }) },
    ],
  })
}

describe('the metadata server', () => {
  it('serves the lists of its own file, each as one resource', async () => {
    await using orchestrator = metadataServer()

    const { items, failures } = await orchestrator.gather()

    expect(failures).toEqual([])
    expect(items.map(({ uri, mimeType }) => [uri, mimeType])).toEqual([
      ['metadata://aliases', 'application/vnd.t2t.metadata+json'],
      ['metadata://glossary', 'application/vnd.t2t.glossary+json'],
      ['metadata://metrics', 'application/vnd.t2t.metrics+json'],
      ['metadata://translations', 'application/vnd.t2t.metadata+json'],
    ])
    const [aliases, , , translations] = items.map(({ text }) => JSON.parse(text))
    expect(aliases).toEqual({
      aliases: expect.arrayContaining([{ term: 'abracadabra', column: 'products.id', value: 123 }]),
    })
    expect(translations).toEqual({
      translations: expect.arrayContaining([
        expect.objectContaining({
          term: 'sales',
          expression: 'sum(order_lines.quantity * order_lines.unit_price)',
        }),
      ]),
    })
  })

  it('serves every part of the documented format', async () => {
    const metadata = {
      aliases: [{ term: 'a', column: 'shop.products.id', value: 1, priority: 5 }],
      metrics: [{ name: 'm', expression: 'count(orders.id)', synonyms: ['n'] }],
      synonyms: [{ column: 'orders.status', value: 'cancelled', synonyms: ['called off'] }],
      fiscalCalendar: { firstMonth: 4 },
    }
    await using orchestrator = metadataServer(await file(JSON.stringify(metadata), 'whole.json'))

    const { items } = await orchestrator.gather()

    expect(Object.assign({}, ...items.map(({ text }) => JSON.parse(text)))).toEqual({
      ...metadata,
      translations: [],
    })
  })

  it('does not start with a file that is wrong, and says where', async () => {
    const path = await file('{ "aliases": [{ "term": "x", "column": "products", "value": 1 }] }')
    await using orchestrator = metadataServer(path)

    const [failure] = await orchestrator.connect()

    expect(failure?.message).toContain('exit code 1')
    expect(failure?.message).toContain('aliases[0].column is not written as expected.')
  })
})

describe.each([
  ['the old protocol', stdio],
  ['the new protocol', (options: StdioOptions) => modern.stdio({ ...options, protocol: 'modern' })],
])('the metadata server in %s', (_, connect) => {
  it('tells when its file changes, keeps what was valid, and serves what is', async () => {
    const path = await file('glossary: [{ term: order, definition: a sale }]', 'changing.yaml')
    await using orchestrator = metadataServer(path, connect)
    const uris = async () => (await orchestrator.gather()).items.map(({ uri }) => uri)
    expect(await uris()).toEqual([
      'metadata://aliases',
      'metadata://glossary',
      'metadata://translations',
    ])

    await file('glossary: 1', 'changing.yaml')
    await file('metrics: [{ name: m, expression: x, description: d }]', 'changing.yaml')

    // Nothing is asked anew unless the server has told: what was gathered holds for minutes.
    await expect
      .poll(uris, { timeout: 20_000 })
      .toEqual(['metadata://aliases', 'metadata://metrics', 'metadata://translations'])
  })
})
