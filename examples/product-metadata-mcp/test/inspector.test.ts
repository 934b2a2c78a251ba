import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createDatabase } from '@t2t/database'
import { serveDatabaseMcpOverHttp } from '@t2t/database/mcp'
import { sqlite } from '@t2t/database/sqlite'
import { readMetadataFile } from '@t2t/llm-sql/metadata'
import { serveHttp } from '@t2t/mcp-orchestrator/server'
import { definePolicy } from '@t2t/sql-guard'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedMetadata } from '../metadata-source.ts'
import { createMetadataServer } from '../server.ts'

const launcher = fileURLToPath(
  new URL(
    './clients/launcher/build/index.js',
    import.meta.resolve('@modelcontextprotocol/inspector/package.json'),
  ),
)
const here = join(import.meta.dirname, '..')
const node = ['node', '--conditions=@t2t/source']
const closing: (() => Promise<unknown>)[] = []
let folder = ''
let commands: Readonly<Record<string, readonly string[]>> = {}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 't2t-inspector-'))
  const file = join(folder, 'shop.db')
  const setUp = new DatabaseSync(file)
  setUp.exec("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Ada')")
  setUp.close()
  const policyFile = join(folder, 'policy.yaml')
  await writeFile(policyFile, 'name: everything\n')
  const shop = await createDatabase({
    name: 'shop',
    engine: sqlite({ path: file }),
    policy: definePolicy(),
  })
  const databases = await serveDatabaseMcpOverHttp({ databases: [shop] })
  const { metadata } = await readMetadataFile(join(here, 'metadata.json'))
  const served = await serveHttp(() => createMetadataServer(fixedMetadata(metadata)))
  closing.push(
    () => databases.close(),
    () => shop.close(),
    () => served.close(),
  )
  const cli = fileURLToPath(import.meta.resolve('@t2t/database')).replace('index.ts', 'cli.ts')
  commands = {
    'the database server over stdio': [
      ...node,
      cli,
      '--url',
      `sqlite:${file}`,
      '--policy',
      policyFile,
    ],
    'the database server over HTTP': [databases.url, '--transport', 'http'],
    'the metadata server over stdio': [...node, join(here, 'main.ts')],
    'the metadata server over HTTP': [served.url, '--transport', 'http'],
  }
})
afterAll(async () => {
  for (const close of closing) await close()
  await rm(folder, { recursive: true })
})

/** Runs the official Inspector; gives its exit code and what it printed. */
async function inspect(server: string, words: string, ...last: readonly string[]) {
  const where = commands[server] ?? []
  const child = spawn(
    process.execPath,
    [launcher, '--cli', ...where, ...words.split(' '), ...last, '--format', 'json'],
    {
      env: { ...process.env, HOME: folder },
    },
  )
  child.stdin.end()
  const [out, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: Number(code), out, complaint }
}

const over = ['stdio', 'HTTP']
const eras = ['legacy', 'modern']
const ways = over.flatMap((transport) => eras.map((era) => [transport, era] as const))

describe('the official Inspector', { timeout: 120_000 }, () => {
  it.each(ways)('reads metadata over %s in the %s protocol', async (transport, era) => {
    const { code, out, complaint } = await inspect(
      `the metadata server over ${transport}`,
      `--method resources/read --uri metadata://aliases --protocol-era ${era}`,
    )

    expect([code, complaint]).toEqual([0, ''])
    expect(out).toContain('abracadabra')
  })

  it.each(ways)('calls the database over %s in the %s protocol', async (transport, era) => {
    const { code, out, complaint } = await inspect(
      `the database server over ${transport}`,
      `--method tools/call --tool-name query --protocol-era ${era} --tool-args-json`,
      JSON.stringify({ sql: 'SELECT name FROM people' }),
    )

    expect([code, complaint]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({ result: { structuredContent: { rows: [['Ada']] } } })
  })

  it.each(over)(
    'finds nothing wrong with the schemas of the database over %s',
    async (transport) => {
      const { code, out, complaint } = await inspect(
        `the database server over ${transport}`,
        '--method tools/list --strict',
      )

      expect([code, complaint]).toEqual([0, ''])
      expect(out).toContain('search_schema')
    },
  )

  it('lists what the metadata server has', async () => {
    const { code, out } = await inspect('the metadata server over stdio', '--method resources/list')

    expect(code).toBe(0)
    expect(out).toContain('metadata://glossary')
  })
})
