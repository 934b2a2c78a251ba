import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'guard-'))
const policy = join(folder, 'policy.json')
const catalog = join(folder, 'catalog.json')
writeFileSync(policy, JSON.stringify({ tables: { block: ['secrets'] }, limits: { maxRows: 10 } }))
writeFileSync(catalog, JSON.stringify(toyCatalog('sqlite')))
afterAll(() => rmSync(folder, { recursive: true }))

const entry = join(import.meta.dirname, '../../src/cli.ts')

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@t2t/source', entry, ...args],
    { input, encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

describe('t2t-guard check', () => {
  const options = ['check', '--dialect', 'sqlite', '--policy', policy, '--catalog', catalog]

  it('prints a decision for every statement of its input', () => {
    const { status, stdout } = run(
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

  it('prints JSON on demand', () => {
    const { status, stdout } = run([...options, '--json'], 'SELECT 1 AS one')

    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ index: 0, kind: 'allowed', output: ['one'] })
  })

  it('takes the text as a whole on demand', () => {
    const { status, stdout } = run([...options, '--whole'], 'SELECT 1; SELECT 2')

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
  ] as const)('says what is wrong with %s', ([, args]) => {
    const { status, stdout, stderr } = run(args)

    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })
})
