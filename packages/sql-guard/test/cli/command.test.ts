import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/command.ts'
import { file, run } from './run.ts'

const policy = file('policy.json', { tables: { block: ['secrets'] }, limits: { maxRows: 10 } })
const yaml = file('policy.yaml', 'columns:\n  mask: { customers.email: redacted }\n')
const catalog = file('catalog.json', toyCatalog('sqlite'))

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
    [
      'a file that does not exist',
      ['check', '--dialect', 'sqlite', join(import.meta.dirname, 'none.sql')],
    ],
    ['an option that does not exist', ['check', '--dialect', 'sqlite', '--force']],
    ['an option of another command', ['check', '--dialect', 'sqlite', '--seed', '1']],
    ['two files', ['check', '--dialect', 'sqlite', 'one.sql', 'two.sql']],
    ['an attribute without a value', ['check', '--dialect', 'sqlite', '--attribute', 'tenant']],
    ['a catalog that is none', ['check', '--catalog', policy]],
    ['a catalog that is no JSON', ['check', '--catalog', yaml]],
    ['a command that does not exist', ['chekc']],
    ['a policy command that does not exist', ['policy', 'improve']],
    ['a policy that cannot work', ['check', '--dialect', 'sqlite', '--policy', catalog]],
  ] as const)('says what is wrong with %s', async ([, args]) => {
    const { status, stdout, stderr } = await run(args)

    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })

  it('combines policies out of YAML and JSON, of which the strictest wins', async () => {
    const { stdout } = await run(
      ['check', '--catalog', catalog, '--policy', policy, '--policy', yaml],
      'SELECT email FROM customers; SELECT value FROM secrets',
    )

    expect(stdout.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      `ALLOW SELECT '***' AS "email" FROM customers LIMIT 10`,
      'REJECT SELECT value FROM secrets',
      '',
    ])
  })

  it('takes values for row filters', async () => {
    const filter = file('filter.yaml', 'rows: { filter: { orders: "customer_id = :tenant" } }')

    const { stdout } = await run(
      ['check', '--catalog', catalog, '--policy', filter, '--attribute', 'tenant=7'],
      'SELECT count(*) FROM orders',
    )

    expect(stdout).toContain('customer_id = (7)')
  })

  it('says where a policy is wrong, line by line', async () => {
    const wrong = file('wrong.yaml', 'tables:\n  allow: [a.b.c]\nlimit:\n  maxRows: 5\n')

    const { status, stderr } = await run(['check', '--dialect', 'sqlite', '--policy', wrong])

    expect(status).toBe(2)
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${wrong}:2:11: tables.allow.0 must be table, schema.table or schema.*, but is "a.b.c".`,
      `${wrong}:3:1: limit is not a part of a policy; limits is.`,
    ])
  })

  it('decides while its input still comes', async () => {
    const seen: string[] = []
    const pieces = async function* (): AsyncGenerator<string> {
      yield "SELECT ';' AS one; SEL"
      yield seen.length === 1 ? 'ECT 2 AS two' : 'ECT 3 AS late'
    }

    await runCommand(['check', '--dialect', 'sqlite'], {
      readFile: () => Promise.reject(new Error('No file is read.')),
      readInput: pieces,
      write: (text) => void seen.push(text.split('\n')[0] ?? ''),
      writeError: () => undefined,
    })

    expect(seen).toEqual([`ALLOW SELECT ';' AS one LIMIT 1000`, 'ALLOW SELECT 2 AS two LIMIT 1000'])
  })

  it('lets no statement steer the terminal', async () => {
    const { stdout } = await run(options, 'SELECT \u001b[2J FROM orders')

    expect(stdout).not.toContain('\u001b')
  })

  it('explains itself', async () => {
    const { status, stdout } = await run(['--help'])

    expect(status).toBe(0)
    expect(stdout).toContain('t2t-guard <command>')
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
