import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOrchestrator, isOrchestratorError } from '@t2t/mcp-orchestrator'
import {
  ConfigInvalidError,
  loadConfig,
  parseConfig,
  readConfig,
} from '@t2t/mcp-orchestrator/config'
import { describe, expect, it } from 'vitest'

const good = `
mcp_servers:
  - name: metadata
    transport: stdio
    command: metadata-server
    args: [--file, /etc/metadata.yaml]
    env: { KEY: '\${META_KEY}' }
    priority: 1
    domains: [retail]
    required: true
    trust: trusted
  - name: sales
    transport: http
    url: https://sales.example/mcp
    headers: { authorization: 'Bearer \${SALES_TOKEN}' }
    priority: 10
    capabilities: [resources]
    timeout: 2.5
    tools: { block: [drop_all] }
orchestration:
  resource_cache_ttl: 60
  log_level: warn
`
const env = { META_KEY: 'm-key', SALES_TOKEN: 's3cret-token' }

async function problemsOf(config: Promise<unknown>) {
  const error = await config.catch((reason: unknown) => reason)
  if (!(error instanceof ConfigInvalidError)) throw new Error('It was accepted.', { cause: error })
  return error
}

describe('a configuration', () => {
  it('says what an orchestrator needs, in the units that it takes', async () => {
    const { options, logLevel, failFast } = await parseConfig(good, { env })

    expect(options.servers).toMatchObject([
      {
        name: 'metadata',
        priority: 1,
        domains: ['retail'],
        isRequired: true,
        trust: 'trusted',
        connector: { description: 'stdio: metadata-server --file /etc/metadata.yaml' },
      },
      {
        name: 'sales',
        priority: 10,
        capabilities: ['resources'],
        timeoutMs: 2_500,
        isRequired: false,
        blockTools: ['drop_all'],
        connector: { description: 'http: https://sales.example/mcp' },
      },
    ])
    expect(options.cache).toMatchObject({ ttlMs: 60_000 })
    expect({ logLevel, failFast }).toEqual({ logLevel: 'warn', failFast: false })
    expect(
      createOrchestrator(options)
        .getStatus()
        .servers.map(({ state }) => state),
    ).toEqual(['idle', 'idle'])
  })

  it('holds for five minutes what it does not say how long to hold', async () => {
    const { options } = await readConfig({
      mcp_servers: [{ name: 'a', transport: 'stdio', command: 'a', priority: 1 }],
    })

    expect(options.cache?.ttlMs).toBeUndefined()
  })

  it('requires every server when it is to fail fast', async () => {
    const { options } = await parseConfig(`${good}  fail_fast: true\n`, { env })

    expect(options.servers.map(({ isRequired }) => isRequired)).toEqual([true, true])
  })

  it.for(['legacy', 'auto', 'modern'])('reaches a server in the protocol %s', async (protocol) => {
    const { options } = await readConfig({
      mcp_servers: [
        { name: 'a', transport: 'stdio', command: 'a', priority: 1, protocol },
        { name: 'b', transport: 'http', url: 'https://b.example', priority: 2, protocol },
        { name: 'c', transport: 'sse', url: 'https://c.example', priority: 3 },
      ],
    })

    expect(options.servers.map(({ connector }) => connector.description)).toEqual([
      'stdio: a',
      'http: https://b.example/',
      'sse: https://c.example/',
    ])
  })

  it('may say how tokens are got, and not beside an authorization header', async () => {
    const oauth = { issuer: 'https://login.example', client_id: 'c', client_secret: '${S}' }
    const web = { transport: 'http', url: 'https://a.example' }
    const read = (server: object) =>
      readConfig(
        { mcp_servers: [{ name: 'a', priority: 1, ...web, ...server }] },
        { env: { S: 'hunter2' } },
      )

    const { options } = await read({ oauth })
    const beside = await problemsOf(read({ oauth, headers: { Authorization: 'Bearer x' } }))
    const wrong = await problemsOf(read({ oauth: { ...oauth, issuer: 'http://login.example' } }))
    const process = await problemsOf(read({ transport: 'stdio', command: 'a', url: 'x', oauth }))

    expect(options.servers[0]?.connector.description).toBe('http: https://a.example/')
    expect(beside.problems.map(({ path }) => path)).toEqual(['mcp_servers[0].oauth'])
    expect(wrong.problems.map(({ path }) => path)).toEqual(['mcp_servers[0].oauth.issuer'])
    expect(process.problems.map(({ path }) => path)).toContain('mcp_servers[0].oauth')
    expect(`${beside} ${wrong} ${process}`).not.toContain('hunter2')
  })

  it('is refused as a whole, with every bad field, its place and no value', async () => {
    const error = await problemsOf(
      parseConfig(
        `
mcp_servers:
  - name: my sales
    transport: http
    url: http://joe:hunter2@sales.example
    priority: 0
    timout: 3
  - name: other
    transport: pigeon
    priority: 2
  - transport: stdio
    command: ''
    priority: hunter2
    env: { KEY: '\${HUNTER}' }
orchestration:
  log_level: hunter2
`,
        { env: {}, source: 'servers.yaml' },
      ),
    )

    expect(
      error.problems.map(({ path, code, line, column }) => [path, code, line, column]),
    ).toEqual([
      ['mcp_servers[0].name', 'invalid', 3, 5],
      ['mcp_servers[0].url', 'invalid', 5, 5],
      ['mcp_servers[0].priority', 'invalid', 6, 5],
      ['mcp_servers[0].timout', 'unknown', 7, 5],
      ['mcp_servers[1].transport', 'invalid', 9, 5],
      ['mcp_servers[2].name', 'missing', 11, 5],
      ['mcp_servers[2].command', 'invalid', 12, 5],
      ['mcp_servers[2].priority', 'invalid', 13, 5],
      ['mcp_servers[2].env.KEY', 'environment', 14, 12],
      ['orchestration.log_level', 'invalid', 16, 3],
    ])
    expect(error.message).not.toContain('hunter2')
    expect(error.message).toMatch(/^servers\.yaml cannot be used: mcp_servers\[0\]\.name \(line 3/)
    expect(error).toSatisfy(isOrchestratorError)
    expect(error.code).toBe('MCP_CONFIG_INVALID')
  })

  it.for([
    ['no servers', {}, 'mcp_servers', 'missing'],
    ['an empty list', { mcp_servers: [] }, 'mcp_servers', 'invalid'],
    ['something else', 'text', '', 'invalid'],
    ['a field too many', { mcp_servers: [], more: 1 }, 'more', 'unknown'],
  ] as const)('with %s is refused', async ([, value, path, code]) => {
    const { problems } = await problemsOf(readConfig(value))

    expect(problems.map((problem) => [problem.path, problem.code])).toContainEqual([path, code])
    expect(problems[0]).not.toHaveProperty('line')
  })

  it('with two servers of one name is refused', async () => {
    const server = { name: 'a', transport: 'stdio', command: 'a', priority: 1 }
    const { problems } = await problemsOf(readConfig({ mcp_servers: [server, server] }))

    expect(problems).toEqual([
      { path: 'mcp_servers[1].name', code: 'duplicate', message: 'is the name of two servers.' },
    ])
  })

  it('with a mode that needs a primary server is refused without one', async () => {
    const mcp_servers = [{ name: 'a', transport: 'stdio', command: 'a', priority: 1 }]
    const config = (primary?: string) =>
      readConfig({ mcp_servers, orchestration: { mode: 'auto', primary } })

    expect((await problemsOf(config())).problems).toMatchObject([
      { path: 'orchestration.primary', code: 'missing' },
    ])
    expect((await problemsOf(config('b'))).problems).toMatchObject([{ code: 'invalid' }])
    expect((await config('a')).options.primary).toBe('a')
  })
})

describe('a reference to the environment', () => {
  const config = (args: readonly string[], variables: Record<string, string> = {}) =>
    readConfig(
      { mcp_servers: [{ name: 'a', transport: 'stdio', command: 'a', args, priority: 1 }] },
      { env: variables },
    )

  it('is replaced wherever it stands in a text', async () => {
    const { options } = await config(['--dir=${ROOT}/data', '$${ROOT}'], { ROOT: '/srv' })

    expect(options.servers[0]?.connector.description).toBe('stdio: a --dir=/srv/data ${ROOT}')
  })

  it('is named when it is not set, and what is set is not shown', async () => {
    const error = await problemsOf(config(['${PRESENT}${ABSENT}'], { PRESENT: 'hunter2' }))

    expect(error.problems).toEqual([
      {
        path: 'mcp_servers[0].args[0]',
        code: 'environment',
        message: 'refers to the environment variable ABSENT, which is not set.',
      },
    ])
    expect(error.message).not.toContain('hunter2')
  })

  it('is not looked into again', async () => {
    const { options } = await config(['${A}'], { A: '${B}', B: 'no' })

    expect(options.servers[0]?.connector.description).toBe('stdio: a ${B}')
  })

  it.for(['constructor', '__proto__', 'hunter2 is my password'])('to %s is none', async (name) => {
    const error = await problemsOf(config([`\${${name}}`]))

    expect(error.problems).toMatchObject([{ code: 'environment' }])
    expect(error.message).not.toContain('my password')
  })
})

describe('a text that is not YAML', () => {
  it('is refused with its place, and is not quoted', async () => {
    const error = await problemsOf(parseConfig('a: "hunter2" "hunter3"\nb: [', { env: {} }))

    expect(error.problems[0]).toMatchObject({ code: 'unreadable', line: 1 })
    expect(error.message).not.toMatch(/hunter/)
  })

  it('that multiplies itself is refused', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    )
    const text = ['l0: &l0 [x,x,x,x,x,x,x,x,x]', ...levels].join('\n')

    expect((await problemsOf(parseConfig(text))).problems[0]?.code).toBe('unreadable')
  })

  it('of more than a mebibyte is refused', async () => {
    const error = await problemsOf(parseConfig(`# ${'x'.repeat(1_048_576)}`))

    expect(error.problems[0]?.message).toBe('is longer than 1048576 characters.')
  })
})

describe('a configuration file', () => {
  it('is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 't2t-config-'))
    const path = join(folder, 'servers.yaml')
    await writeFile(path, good)

    const { options } = await loadConfig(path, { env })

    expect(options.servers).toHaveLength(2)
    await rm(folder, { recursive: true })
  })

  it('that is not there is named', async () => {
    const error = await problemsOf(loadConfig('/nowhere/servers.yaml'))

    expect(error.message).toBe('/nowhere/servers.yaml cannot be used: cannot be read.')
  })
})
