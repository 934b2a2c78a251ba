import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import './fixtures/patience.ts'

const folder = join(import.meta.dirname, '..')

interface Finished {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

function runDemo(args: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@t2t/source', 'demo.ts', ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1', OPENAI_BASE_URL: '' },
    })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output, errors }))
  })
}

describe('the demo', () => {
  it('answers three questions, refuses two statements, and ends with metrics and health', async () => {
    const { code, output, errors } = await runDemo([])

    expect(errors).toBe('')
    expect(output).toMatch(/abracadabra\s+→ products\.id = 123\s+from metadata/)
    expect(output.match(/^ *answered/gm)).toHaveLength(3)
    expect(output).toMatch(/refused\s+statement-kind-refused/)
    expect(output).toMatch(/refused\s+column-(refused|unknown)/)
    expect(output).toMatch(/^# TYPE \w+ counter$/m)
    expect(output).toContain('Health  healthy')
    expect(code).toBe(0)
  })

  it('gives a date range that contains today for "this month"', async () => {
    const { output } = await runDemo(['total sales this month'])

    const [, from = '', before = ''] =
      />= '(\d{4}-\d\d-\d\d)[^']*'[\s\S]*?< '(\d{4}-\d\d-\d\d)/.exec(output) ?? []
    const now = new Date()
    const today = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
    expect(from <= today && today < before).toBe(true)
  })

  it('answers without the metadata server and names it as missing', async () => {
    const { code, output } = await runDemo([
      '--kill-metadata',
      'how many orders by store last month',
    ])

    expect(output).toMatch(/^ *answered/m)
    expect(output).toMatch(/missing\s+metadata/)
    expect(code).toBe(0)
  })

  it('runs on an embedded PostgreSQL', async () => {
    const { code, output } = await runDemo(['--engine', 'postgres'])

    expect(output.match(/^ *answered/gm)).toHaveLength(3)
    expect(output.match(/^ *refused/gm)).toHaveLength(2)
    expect(code).toBe(0)
  })

  it('says which engines there are when it is asked for another', async () => {
    const { code, errors } = await runDemo(['--engine', 'oracle'])

    expect(errors).toContain('--engine must be one of sqlite, postgres, got oracle.')
    expect(code).toBe(2)
  })
})
