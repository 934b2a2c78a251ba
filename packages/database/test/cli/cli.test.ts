import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasSqlite } from '../engine/has-sqlite.ts'

const command = ['--conditions=@t2t/source', join(import.meta.dirname, '..', '..', 'src', 'cli.ts')]
let folder = ''
let policy = ''
let url = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 't2t-database-mcp-'))
  policy = join(folder, 'policy.yaml')
  await writeFile(policy, 'columns: { block: [people.email] }\n')
  if (!hasSqlite) return
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(folder, 'shop.db'))
  database.exec(
    "CREATE TABLE people (name TEXT, email TEXT); INSERT INTO people VALUES ('Ada', 'a')",
  )
  database.close()
  url = `sqlite:${join(folder, 'shop.db')}`
})
afterAll(() => rm(folder, { recursive: true }))

function start(args: readonly string[], env: Record<string, string> = {}) {
  return spawn(process.execPath, [...command, ...args], { env: { ...process.env, ...env } })
}

async function ends(args: readonly string[], env: Record<string, string> = {}) {
  const child = start(args, env)
  child.stdin.end()
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { code: Number(code), complaint }
}

async function askBoth(client: Client) {
  const ask = (sql: string) => client.callTool({ name: 'query', arguments: { sql } })
  return [await ask('SELECT name FROM people'), await ask('SELECT email FROM people')]
}

const answers = [
  expect.objectContaining({ structuredContent: expect.objectContaining({ rows: [['Ada']] }) }),
  expect.objectContaining({ isError: true }),
]

describe.skipIf(!hasSqlite)('t2t-database-mcp', () => {
  it('serves what its policy permits over the standard streams', async () => {
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [...command, '--policy', policy],
        env: { T2T_DATABASE_URL: url },
      }),
    )

    const got = await askBoth(client)

    await client.close()
    expect(got).toEqual(answers)
  })

  it('serves over HTTP until it is asked to end', async () => {
    const child = start(['--policy', policy, '--http'], { T2T_DATABASE_URL: url })
    const [told] = await once(child.stderr, 'data')
    const address = new URL(String(told).replace('Serving at ', '').trim())
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(address))

    const got = await askBoth(client)

    await client.close()
    child.kill('SIGTERM')
    expect(await once(child, 'close')).toEqual([0, null])
    expect(got).toEqual(answers)
  })

  it('ends when its client leaves', async () => {
    expect(await ends(['--policy', policy], { T2T_DATABASE_URL: url })).toEqual({
      code: 0,
      complaint: '',
    })
  })
})

describe('t2t-database-mcp', () => {
  it.each([
    [
      'no database',
      ['--policy', 'p.yaml'],
      'Say which database is meant: T2T_DATABASE_URL, or --url.',
    ],
    ['no policy', ['--url', 'sqlite:shop.db'], 'Say what may be read: --policy FILE.'],
    ['an unknown argument', ['--polcy', 'p.yaml'], 'An argument is not known. Try --help.'],
    [
      'a policy that is not there',
      ['--url', 'sqlite:shop.db', '--policy', '/nowhere/p.yaml'],
      '/nowhere/p.yaml cannot be read.',
    ],
    [
      'a port that is none',
      ['--url', 'sqlite:shop.db', '--policy', 'p.yaml', '--port', 'x'],
      '--port must be an integer from 0 to 65535, got x.',
    ],
  ])('refuses %s', async (_, args, complaint) => {
    expect(await ends(args, { T2T_DATABASE_URL: '' })).toEqual({
      code: 1,
      complaint: `${complaint}\n`,
    })
  })

  it('names the packages to install when those of an MCP server are missing', async () => {
    const hook = `import { registerHooks } from 'node:module'
      registerHooks({ resolve(name, context, next) {
        if (!name.startsWith('@modelcontextprotocol/')) return next(name, context)
        throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })
      } })`

    const { code, complaint } = await ends(['--policy', policy], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
    })

    expect(code).toBe(1)
    expect(complaint).toMatch(
      /^t2t-database-mcp needs .*: npm install .*@modelcontextprotocol\/server .*\n$/,
    )
  })

  it('says nothing of a URL that it cannot use', async () => {
    const { code, complaint } = await ends(['--policy', policy], {
      T2T_DATABASE_URL: 'oracle://reader:hunter2@db.example/shop',
    })

    expect(code).toBe(1)
    expect(complaint).toContain('must begin with postgres:, mysql: or sqlite:')
    expect(complaint).not.toContain('hunter2')
  })
})
