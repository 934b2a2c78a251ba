import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ config: configWithUsers() })
})
afterAll(() => server[Symbol.asyncDispose]())

const requestInit = (name: Parameters<typeof as>[0]) => ({ requestInit: { headers: as(name) } })
const address = () => new URL('/mcp', server.url)
const info = { name: 'test', version: '1' }
const connectors = {
  'the SDK up to 2025-11-25': async (name: Parameters<typeof as>[0]) => {
    const client = new Client(info)
    const transport = new StreamableHTTPClientTransport(address(), requestInit(name))
    await client.connect(transport)
    return client
  },
  'the SDK from 2026-07-28': async (name: Parameters<typeof as>[0]) => {
    const client = new ModernClient(info)
    await client.connect(new ModernTransport(address(), requestInit(name)))
    return client
  },
} as const
const names = Object.keys(connectors) as (keyof typeof connectors)[]

describe.for(names)('/mcp for %s', (name) => {
  it('offers the tools of the database, and answers within the policy of the caller', async () => {
    const client = await connectors[name]('ada')
    const { tools } = await client.listTools()
    const call = (sql: string) => client.callTool({ name: 'query', arguments: { sql } })

    expect(tools.map((tool) => tool.name)).toContain('query')
    expect(await call('SELECT count(*) AS n FROM stores')).toMatchObject({
      structuredContent: { rows: [[12]] },
    })
    expect(await call('SELECT email FROM customers')).toMatchObject({ isError: true })
    await client.close()
  })

  it('shows each caller their own rows', async () => {
    const client = await connectors[name]('vienna')
    const result = await client.callTool({
      name: 'query',
      arguments: { sql: 'SELECT DISTINCT city FROM customers' },
    })
    expect(result).toMatchObject({ structuredContent: { rows: [['Vienna']] } })
    await client.close()
  })
})

it('refuses clients without credentials', async () => {
  const client = new Client(info)
  const transport = new StreamableHTTPClientTransport(address())
  await expect(client.connect(transport)).rejects.toThrow('credentials-needed')
})

it('is what the official Inspector expects', async () => {
  const launcher = fileURLToPath(
    new URL(
      './clients/launcher/build/index.js',
      import.meta.resolve('@modelcontextprotocol/inspector/package.json'),
    ),
  )
  const home = await mkdtemp(join(tmpdir(), 't2t-inspector-'))
  const { authorization = '' } = as('ada')
  const where = [
    address().href,
    '--transport',
    'http',
    '--header',
    `Authorization: ${authorization}`,
  ]
  const what = ['--method', 'tools/list', '--strict', '--format', 'json']
  const child = spawn(process.execPath, [launcher, '--cli', ...where, ...what], {
    env: { ...process.env, HOME: home },
  })
  child.stdin.end()
  const [out, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  await rm(home, { recursive: true })

  expect({ code, complaint }).toMatchObject({ code: 0 })
  expect(out).toContain('"query"')
})
