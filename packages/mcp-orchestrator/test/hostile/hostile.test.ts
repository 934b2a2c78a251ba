import {
  createOrchestrator,
  type Connector,
  type Gathered,
  type ListedTools,
  type Orchestrator,
} from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { serveHttp, type McpHttpServer } from '@t2t/mcp-orchestrator/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks, hostileLanes, keysOf } from './attacks.ts'
import { child, script } from '../fixtures/children.ts'
import {
  createHostileMcpServer,
  imitation,
  instructions,
  unseen,
} from '../fixtures/hostile-mcp-server.ts'

let server: McpHttpServer

beforeAll(async () => {
  server = await serveHttp(createHostileMcpServer)
})
afterAll(() => server.close())

/** What was got from a hostile server. */
interface Got {
  readonly orchestrator: Orchestrator
  readonly gathered: Gathered
  readonly listed: ListedTools
}

/** Looks at what is left of an attack. */
type Check = (got: Got) => unknown

const itemOf = ({ gathered }: Got, uri: string) => gathered.items.find((item) => item.uri === uri)
const toolOf = ({ listed }: Got, tool: string) => listed.tools.find((one) => one.tool === tool)

const checks: Readonly<Record<keyof typeof attacks, Check>> = {
  instructions: (got) => {
    const item = itemOf(got, 'hostile://instructions')
    expect(item).toMatchObject({ text: instructions, trust: 'untrusted', server: 'hostile' })
    expect(toolOf(got, 'instructing')).toMatchObject({ trust: 'untrusted' })
  },
  unseen: (got) => {
    expect(itemOf(got, 'hostile://unseen')).toMatchObject({ text: 'orders', isCleaned: true })
    expect(toolOf(got, 'unseen')?.description).toBe('run')
    expect(toolOf(got, 'schema')?.inputSchema['properties']).toEqual({
      ab: { type: 'string', description: 'cd' },
    })
  },
  escapes: (got) => {
    const item = itemOf(got, 'hostile://escapes')
    expect(item?.isCleaned).toBe(true)
    expect(JSON.parse(item?.text ?? '')).toMatchObject({ alias: 'orders' })
  },
  halves: (got) => expect(itemOf(got, 'hostile://half')?.text).toBe('half \ufffd a character'),
  imitations: (got) => {
    const item = itemOf(got, 'hostile://imitation')
    expect(item).toMatchObject({ hasLookalikes: true })
    expect(item?.text).toContain(imitation)
    expect(toolOf(got, 'quеry')).toMatchObject({ hasLookalikes: true })
    expect(toolOf(got, 'honest')).not.toHaveProperty('hasLookalikes')
  },
  huge: (got) => {
    expect(itemOf(got, 'hostile://huge')).toMatchObject({ bytes: 262_144, isTruncated: true })
    expect(toolOf(got, 'long')?.description).toHaveLength(4_096)
  },
  deep: (got) => expect(itemOf(got, 'hostile://deep')?.bytes).toBe(100_000),
  types: (got) => {
    const { mimeType } = itemOf(got, 'hostile://type') ?? {}
    expect(mimeType).toMatch(/^text\/plainy{1,246}$/)
    const elsewhere = got.gathered.items.find(({ text }) => text === 'I am somebody else')
    expect(elsewhere?.server).toBe('hostile')
    expect(elsewhere?.uri).toMatch(/^trusted:\/\/catalogz{1,2048}$/)
  },
  addresses: (got) => {
    expect(got.gathered.failures.map(({ kind, message }) => [kind, message])).toEqual([
      ['invalid', 'Resources with an address that is too long or cannot be seen were left out: 3.'],
    ])
    expect(got.gathered.items).toHaveLength(9)
  },
  tools: (got) => {
    expect(got.listed.failures.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'invalid',
        'Tools that are listed twice, or whose name or schema is out of bounds, were left out: 6.',
      ],
    ])
    expect(got.listed.tools.map(({ tool }) => tool)).toEqual([
      'changing',
      'honest',
      'instructing',
      'long',
      'quеry',
      'schema',
      'twice',
      'unseen',
    ])
    expect(toolOf(got, 'twice')?.description).toBe('The first.')
  },
  changes: async ({ orchestrator }) => {
    const { failures } = await orchestrator.listTools({ cacheMode: 'refresh' })
    const outcome = await orchestrator.callTool({ server: 'pinned', tool: 'changing', input: {} })
    expect(failures.map(({ message }) => message)).toContain(
      'The tool changing is not the one that was pinned.',
    )
    expect(outcome).toMatchObject({ kind: 'failed', failure: { kind: 'refused' } })
  },
  honesty: async ({ orchestrator }) => {
    const outcome = await orchestrator.callTool({ server: 'hostile', tool: 'honest', input: {} })
    expect(outcome).toMatchObject({ kind: 'result', isError: false })
    expect(orchestrator.getStatus().servers.map(({ state }) => state)).toEqual(['ready', 'ready'])
  },
}

const connectors: Readonly<Record<keyof typeof hostileLanes, () => Connector>> = {
  'sdk-stdio': () => child('hostile-server.ts'),
  'sdk-http': () => legacy.http({ url: server.url }),
  'modern-stdio': () =>
    child('hostile-server.ts', {
      connect: (options) => modern.stdio({ ...options, protocol: 'modern' }),
    }),
  'modern-http': () => modern.http({ url: server.url }),
}
const lanes = keysOf(hostileLanes).map(
  (lane) => [hostileLanes[lane].name, connectors[lane]] as const,
)
const rows = keysOf(attacks).map((attack) => [attacks[attack], checks[attack]] as const)

describe.each(lanes)('of a hostile server that is reached with %s,', (_, connectorOf) => {
  let got: Got

  beforeAll(async () => {
    const connector = connectorOf()
    const orchestrator = createOrchestrator({
      servers: [
        { name: 'hostile', priority: 1, connector },
        {
          name: 'pinned',
          priority: 2,
          connector,
          capabilities: ['tools'],
          toolPins: { changing: '0'.repeat(64) },
        },
      ],
    })
    got = {
      orchestrator,
      gathered: await orchestrator.gather(),
      listed: await orchestrator.listTools({ servers: ['hostile'] }),
    }
  }, 30_000)
  afterAll(() => got.orchestrator.close())

  it.each(rows)('%s', async (__, check) => {
    await check(got)
    expect(JSON.stringify([got.gathered, got.listed])).not.toMatch(new RegExp(`[${unseen}]`, 'u'))
  })
})

describe.each([
  ['./sdk', legacy.stdio],
  ['./modern', modern.stdio],
] as const)('bytes that are no UTF-8, read with %s,', (_, connect) => {
  it('are replaced, and the text around them arrives', async () => {
    const code = `
      const answers = {
        initialize: { protocolVersion: '2025-06-18', capabilities: { resources: {} }, serverInfo: { name: 'x', version: '1' } },
        'resources/list': { resources: [{ uri: 'bytes://bad', name: 'bad' }] },
        'resources/read': { contents: [{ uri: 'bytes://bad', text: 'a@b' }] },
      }
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method } = JSON.parse(line)
        if (id === undefined) return
        const result = answers[method]
        const answer = result ? { result } : { error: { code: -32601, message: 'no' } }
        const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, ...answer }) + '\\n')
        process.stdout.write(method === 'resources/read' ? bytes.map((byte) => (byte === 64 ? 0xff : byte)) : bytes)
      })`
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'bad', priority: 1, connector: script(code, { connect }) }],
    })

    const { items, failures } = await orchestrator.gather()

    expect(failures).toEqual([])
    expect(items.map(({ text }) => text)).toEqual(['a\ufffdb'])
  })
})
