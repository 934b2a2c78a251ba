import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/command.ts'

const folder = mkdtempSync(join(tmpdir(), 'guard-'))
const policy = join(folder, 'policy.json')
const catalog = join(folder, 'catalog.json')
writeFileSync(policy, JSON.stringify({ tables: { block: ['secrets'] }, limits: { maxRows: 10 } }))
writeFileSync(catalog, JSON.stringify(toyCatalog('sqlite')))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the command in this process. */
async function run(args: readonly string[], input = '') {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(args, {
    readFile: (path) => readFile(path, 'utf8'),
    readInput: () => Promise.resolve(input),
    write: (text) => void (stdout += text),
    writeError: (text) => void (stderr += text),
  })
  return { status, stdout, stderr }
}

describe('t2t-guard check', () => {
  const options = ['check', '--dialect', 'sqlite', '--policy', policy, '--catalog', catalog]

  it('prints a decision for every statement of its input', async () => {
    const { status, stdout } = await run(
      options,
      `SELECT id FROM orders;\nSELECT ';',\n totl FROM orders`,
    )

    expect(status).toBe(1)
    expect(stdout.split('\n')).toEqual([
      'ALLOW SELECT id FROM orders LIMIT 10',
      '  reads orders (id)',
      `REJECT SELECT ';',  totl FROM orders`,
      '  column-unknown at 2:2: There is no column totl here. Near: total.',
      '',
    ])
  })

  it('prints JSON on demand', async () => {
    const { status, stdout } = await run([...options, '--json'], 'SELECT 1 AS one')

    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ index: 0, kind: 'allowed', output: ['one'] })
  })

  it('takes the text as a whole on demand', async () => {
    const { status, stdout } = await run([...options, '--whole'], 'SELECT 1; SELECT 2')

    expect(status).toBe(1)
    expect(stdout).toContain('statement-count')
  })

  it.for([
    ['no command', []],
    ['no dialect', ['check']],
    ['a dialect that does not exist', ['check', '--dialect', 'oracle']],
    ['a file that does not exist', ['check', '--dialect', 'sqlite', join(folder, 'none.sql')]],
    ['an option that does not exist', ['check', '--dialect', 'sqlite', '--force']],
    ['a policy that cannot work', ['check', '--dialect', 'sqlite', '--policy', catalog]],
  ] as const)('says what is wrong with %s', async ([, args]) => {
    const { status, stdout, stderr } = await run(args)

    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })

  it('is a program', { timeout: 60_000 }, () => {
    const entry = join(import.meta.dirname, '../../src/cli.ts')
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--conditions=@t2t/source', entry, 'check', '--dialect', 'mysql', '-'],
      { input: 'SELECT 1', encoding: 'utf8' },
    )

    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'ALLOW SELECT 1 LIMIT 1000\n  reads no table\n',
    })
  })
})
