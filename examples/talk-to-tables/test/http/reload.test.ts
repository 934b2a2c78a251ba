import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcess, type Running } from '../fixtures/process.ts'
import '../fixtures/patience.ts'

const folder = mkdtempSync(join(tmpdir(), 't2t-reload-'))
const config = join(folder, 'config.yaml')
const write = (policy: object): void =>
  writeFileSync(
    config,
    JSON.stringify({
      auth: { anonymous: 'anyone' },
      roles: { anyone: { policies: ['all'] } },
      policies: { all: policy },
      databases: [{ name: 'numbers', engine: 'sqlite', path: 'numbers.sqlite' }],
      log: { level: 'silent' },
    }),
  )

let server: Running
beforeAll(async () => {
  using database = new DatabaseSync(join(folder, 'numbers.sqlite'))
  database.exec('CREATE TABLE numbers (n INTEGER)')
  write({})
  server = await startProcess({}, ['--config', config])
})
afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.end
  rmSync(folder, { recursive: true })
})

/** Ends when the process has written something. */
function written(text: string): Promise<void> {
  const { child } = server
  return new Promise((resolve) => {
    const look = (): void => {
      if (!server.output().includes(text)) return
      for (const stream of [child.stdout, child.stderr]) stream?.removeListener('data', look)
      resolve()
    }
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look)
    look()
  })
}

async function isAllowed(): Promise<boolean> {
  const response = await fetch(new URL('/api/chat', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query": "SELECT n FROM numbers"}',
  })
  return (await response.text()).includes('"success":true')
}

describe('a configuration file that changes', () => {
  it('is in force when it can work, and changes nothing when it cannot', async () => {
    expect(await isAllowed()).toBe(true)

    write({ tables: { blok: ['numbers'] } })
    await written('The old one stays in force.')
    expect(server.output()).toContain('policies.all.tables.blok')
    expect(await isAllowed()).toBe(true)

    write({ tables: { block: ['numbers'] } })
    await written('is in force.')
    expect(await isAllowed()).toBe(false)
  })

  it('is read again on SIGHUP', async () => {
    server.child.kill('SIGHUP')
    await written('is in force.\nThe configuration was read again')
    expect(await isAllowed()).toBe(false)
  })
})
