import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { readConfig } from '@t2t/mcp-orchestrator/config'
import { fromTransport, http, stdio } from '@t2t/mcp-orchestrator/modern'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serve } from '../fixtures/http-server.ts'

const calm = new AbortController().signal

afterEach(() => void vi.useRealTimers())

/** What a server of the old protocol answers when somebody begins with it. */
const hello = (id: number, protocolVersion: string) => ({
  jsonrpc: '2.0' as const,
  id,
  result: { protocolVersion, capabilities: {}, serverInfo: { name: 'old', version: '1' } },
})

describe('an old server that is asked which protocol it speaks', () => {
  it('and never answers that is connected to all the same, later without the question', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const heard: unknown[] = []
    await using server = await serve((request, response) => {
      if (request.method !== 'POST') {
        response.writeHead(405).end()
        return
      }
      void json(request).then((message) => {
        const { id, method, params } = Object(message)
        heard.push(method)
        if (method === 'initialize') {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(JSON.stringify(hello(id, params.protocolVersion)))
        } else if (id === undefined) response.writeHead(202).end()
        else void vi.advanceTimersByTimeAsync(2_000)
      })
    })
    const connector = http({ url: server.url })

    const first = await connector.connect(calm)
    const second = await connector.connect(calm)

    await Promise.all([first.close(), second.close()])
    const asked = ['server/discover', 'initialize', 'notifications/initialized']
    expect(heard).toEqual([...asked, ...asked.slice(1)])
  })

  it('and never answers that is connected to all the same over any transport', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const heard: unknown[] = []
    const connector = fromTransport(async () => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      theirs.onmessage = (message) => {
        const { id, method, params } = Object(message)
        heard.push(method)
        if (method === 'initialize') void theirs.send(hello(id, params.protocolVersion))
        else void vi.advanceTimersByTimeAsync(2_000)
      }
      await theirs.start()
      return ours
    })

    const first = await connector.connect(calm)
    const second = await connector.connect(calm)

    await Promise.all([first.close(), second.close()])
    const asked = ['server/discover', 'initialize', 'notifications/initialized']
    expect(heard).toEqual([...asked, ...asked.slice(1)])
  })

  it('and ends because of that is started again', async () => {
    const code = `
      require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, method, params } = JSON.parse(line)
        if (method === 'server/discover') process.exit(1)
        if (method !== 'initialize') return
        console.log(JSON.stringify((${String(hello)})(id, params.protocolVersion)))
      })`
    const connection = await stdio({ command: process.execPath, args: ['-e', code] }).connect(calm)

    expect(await connection.listTools(calm)).toEqual([])
    await connection.close()
  })
})

describe('a new server that takes seconds to start', () => {
  it('is not taken for an old one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 't2t-protocol-'))
    const starts = join(folder, 'starts')
    const fixture = join(import.meta.dirname, '../fixtures/served-stdio-server.ts')
    const code = `await import('node:fs').then((fs) => fs.appendFileSync('${starts}', 'x'))
      await import('${fixture}')`
    const args = ['--conditions=@t2t/source', '--input-type=module', '-e', code]
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })

    const connecting = stdio({ command: process.execPath, args }).connect(calm)
    // It has started to start: the question was asked.
    while (!existsSync(starts)) await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(4_000)
    const connection = await connecting

    vi.useRealTimers()
    await connection.close()
    expect(await readFile(starts, 'utf8')).toBe('x')
    await rm(folder, { recursive: true })
  })
})

describe('a configuration that names no protocol', () => {
  it('asks a server over HTTP for the new one first', async () => {
    const heard: unknown[] = []
    await using server = await serve((request, response) => {
      void json(request).then((message) => {
        heard.push(Object(message).method)
        response.writeHead(500).end()
      })
    })
    const { options } = await readConfig({
      mcp_servers: [{ name: 'a', transport: 'http', url: server.url, priority: 1 }],
    })

    await expect(options.servers[0]?.connector.connect(calm)).rejects.toThrow('HTTP status 500')
    expect(heard[0]).toBe('server/discover')
  })
})

describe('where the client of the new protocol is not installed, a configuration', () => {
  it('uses the old protocol, and names every server that wants the new one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 't2t-protocol-'))
    try {
      const { old, wanted } = await readWithoutClient(folder)

      expect(old).toEqual(['stdio: a'])
      expect(wanted).toEqual([
        ['mcp_servers[0].protocol', 'invalid'],
        ['mcp_servers[1].protocol', 'invalid'],
      ])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** Reads configurations with a copy of the package beside which only its own dependencies are. */
async function readWithoutClient(folder: string): Promise<{ old: unknown; wanted: unknown }> {
  const here = join(import.meta.dirname, '../..')
  const modules = join(here, '../../node_modules')
  await cp(join(here, 'src'), join(folder, 'src'), { recursive: true })
  for (const scope of ['@modelcontextprotocol', '@t2t']) {
    await mkdir(join(folder, 'node_modules', scope), { recursive: true })
  }
  for (const name of ['@modelcontextprotocol/sdk', '@t2t/resilience', 'yaml', 'zod']) {
    await symlink(join(modules, name), join(folder, 'node_modules', name))
  }
  const main = join(folder, 'main.ts')
  await writeFile(
    main,
    `import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { readConfig } from './src/config.ts'
const server = { name: 'a', transport: 'stdio', command: 'a', priority: 1 }
const { options } = await readConfig({ mcp_servers: [server] })
const wanted = await readConfig({
  mcp_servers: [
    { ...server, protocol: 'auto' },
    { name: 'b', transport: 'http', url: 'https://b.example', priority: 2, protocol: 'modern' },
  ],
}).catch((error) => error.problems.map(({ path, code }) => [path, code]))
process.stdout.write(JSON.stringify({ old: options.servers.map((one) => one.connector.description), wanted }))`,
  )
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--conditions=@t2t/source', main])
  return JSON.parse(stdout)
}
