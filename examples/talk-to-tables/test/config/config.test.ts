import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigInvalidError } from '@t2t/mcp-orchestrator/config'
import { afterAll, describe, expect, it } from 'vitest'
import { printConfig } from '../../server/config/print-config.ts'
import { checkConfig, readConfigFile } from '../../server/config/read-config.ts'
import { runCommand } from '../../server/cli/command.ts'

const folder = mkdtempSync(join(tmpdir(), 't2t-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const good = `
auth:
  api_keys:
    - {name: ada, sha256: ${'a'.repeat(64)}, role: analyst}
roles:
  analyst: {policies: [analyst]}
policies:
  analyst: {columns: {block: [customers.email]}}
databases:
  - {name: shop, engine: postgres, url: 'postgres://reader@db.example/shop', password: '\${DB_PASSWORD}'}
`
const environment = { DB_PASSWORD: 'correct horse' }

function fileOf(text: string): string {
  const path = join(folder, `${Math.random()}.yaml`)
  writeFileSync(path, text)
  return path
}

function problemsOf(text: string, env: NodeJS.ProcessEnv = environment): unknown {
  try {
    return readConfigFile(fileOf(text), env)
  } catch (error) {
    return error instanceof ConfigInvalidError ? error.problems : error
  }
}

describe('the configuration file', () => {
  it('fills in what is left out, and finds files beside itself', () => {
    const path = fileOf(`${good}sessions: {store: sqlite, path: chats.sqlite}\n`)

    const config = readConfigFile(path, environment)

    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8_001 })
    expect(config.sessions).toEqual({ store: 'sqlite', path: join(folder, 'chats.sqlite') })
  })

  it('lists everything that is wrong at once, with path and line', () => {
    const text = good
      .replace('role: analyst', 'role: analist')
      .replace('policies: [analyst]', 'policies: [analyst, nobody]')
      .replace('columns: {block', 'columns: {blok')

    expect(problemsOf(text)).toEqual([
      expect.objectContaining({ path: 'auth.api_keys[0].role', line: 4 }),
      expect.objectContaining({ path: 'roles.analyst.policies[1]', line: 6 }),
      expect.objectContaining({ path: 'policies.analyst.columns.blok', line: 8 }),
    ])
  })

  it('names a variable of the environment that is not set, and never a value', () => {
    expect(problemsOf(good, {})).toEqual([
      expect.objectContaining({
        path: 'databases[0].password',
        message: 'refers to the environment variable DB_PASSWORD, which is not set.',
      }),
    ])
  })

  it.for([
    ['server: {host: 0.0.0.0}\n', 'server.allowed_hosts'],
    ['server: {port: 70000}\n', 'server.port'],
    ['server: {colour: red}\n', 'server.colour'],
    ['sessions: {store: parchment}\n', 'sessions.store'],
    [
      'mcp_servers: [{name: database-x, priority: 1, transport: stdio, command: x}]\n',
      'mcp_servers[0].name',
    ],
    [
      'mcp_servers: [{name: x, priority: 0, transport: stdio, command: x}]\n',
      'mcp_servers[0].priority',
    ],
    [
      'orchestration: {mode: auto}\nmcp_servers: [{name: x, priority: 1, transport: stdio}]\n',
      'mcp_servers[0].command',
    ],
  ])('refuses %j at %s', ([added = '', path]) => {
    expect(problemsOf(`${good}${added}`)).toEqual([expect.objectContaining({ path })])
  })

  it.for([
    ["url: 'postgres://reader@db", "url: 'postgres://reader:secret@db", 'databases[0].url'],
    [
      'role: analyst}',
      `role: analyst}\n    - {name: ada, sha256: ${'b'.repeat(64)}, role: analyst}`,
      'auth.api_keys[1].name',
    ],
  ])('refuses %j made %j', ([from = '', to = '', path]) => {
    expect(problemsOf(good.replace(from, to))).toEqual([expect.objectContaining({ path })])
  })

  it('wants users before it listens on a network address', () => {
    const text = good.replace(/auth:[^]*?roles:/, 'auth: {anonymous: analyst}\nroles:')
    expect(problemsOf(`${text}server: {host: 0.0.0.0, allowed_hosts: [chat.example]}\n`)).toEqual([
      expect.objectContaining({ path: 'auth' }),
      expect.objectContaining({ path: 'auth.anonymous' }),
    ])
  })

  it('is printed as it is understood, without secrets', () => {
    const printed = printConfig(
      checkConfig(
        {
          auth: { anonymous: 'a' },
          roles: { a: { policies: ['a'] } },
          policies: { a: {} },
          databases: [
            { name: 'shop', engine: 'mysql', url: 'mysql://r@h/s', password: 'correct horse' },
          ],
          model: { name: 'm', base_url: 'http://h/v1?api_key=battery', api_key: 'staple' },
          redis: { url: 'redis://:stapler@h:6379' },
        },
        {},
      ),
    )
    expect(printed).toContain('"port": 8001')
    expect(printed).not.toMatch(/correct|battery|staple/)
  })
})

describe('the command', () => {
  const run = async (...args: readonly string[]) => {
    let [said, complained] = ['', '']
    const code = await runCommand(args, {
      environment,
      write: (text) => (said += text),
      complain: (text) => (complained += text),
    })
    return { code, said, complained }
  }

  it('says that a configuration can work, and opens nothing for it', async () => {
    const { code, said } = await run('--config', fileOf(good), '--check-config')
    expect({ code, said }).toEqual({ code: 0, said: 'The configuration can work.\n' })
  })

  it('says what is wrong, a line each', async () => {
    const path = fileOf(good.replace('role: analyst', 'role: analist'))
    const { code, complained } = await run('--config', path, '--check-config')
    expect(code).toBe(1)
    expect(complained).toBe(
      'The configuration cannot be used:\n  line 4, column 93: auth.api_keys[0].role must name one of the roles.\n',
    )
  })

  it('prints the schema for editors', async () => {
    const { code, said } = await run('--config-schema')
    expect(code).toBe(0)
    expect(JSON.parse(said)).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['auth']),
    })
  })

  it('makes a key and what the configuration holds of it', async () => {
    const { said } = await run('--new-key')
    expect(said).toMatch(/t2t_[\w-]{43}\n[^]*sha256: [0-9a-f]{64}\n/)
  })

  it.for([[['--colour']], [['--engine', 'oracle']]])('refuses the arguments %j', async ([args]) => {
    const { code, complained } = await run(...(args ?? []))
    expect(code).toBe(2)
    expect(complained).not.toBe('')
  })
})
