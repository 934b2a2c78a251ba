import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import './fixtures/patience.ts'

/** Of Debian's package `prometheus`. */
const tools = { check: 'promtool', server: 'prometheus' } as const

const isInstalled =
  spawnSync(tools.check, ['--version']).status === 0 &&
  spawnSync(tools.server, ['--version']).status === 0

/** What the demo must have counted after one answer and one refusal. */
const expected = [
  't2t_question_duration_seconds_count',
  't2t_sql_rejections_total',
  'db_client_operation_duration_seconds_count',
  'mcp_client_operation_duration_seconds_count',
  't2t_schema_cache_age_seconds',
  't2t_mcp_connected',
  'http_server_request_duration_seconds_count',
  'process_uptime_seconds',
  'system_memory_utilization_ratio',
]

/** Starts the demo's server and gives its address, once it says where it listens. */
async function startDemo(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['--conditions=@t2t/source', 'start.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, PORT: '0', NO_COLOR: '1', NODE_NO_WARNINGS: '1', OPENAI_BASE_URL: '' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    const [, url] = /^Open\s+(http:\/\/127\.0\.0\.1:\d+)/m.exec(output) ?? []
    if (url === undefined) continue
    child.stdout.resume()
    return { child, url }
  }
  throw new Error(`The demo ended before it listened: ${output}`)
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function eventually<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    await sleep(100)
  }
  throw new Error('Nothing happened within twenty seconds.')
}

describe.runIf(isInstalled)('the metrics of the demo', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>
  beforeAll(async () => {
    demo = await startDemo()
    for (const query of ['how many orders by store last month', 'DROP TABLE orders']) {
      const response = await fetch(`${demo.url}/api/chat`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      if (response.status !== 200) throw new Error(`The demo answered ${response.status}.`)
      await response.body?.cancel()
    }
  }, 60_000)
  afterAll(() => stop(demo?.child))

  it('are text that promtool accepts without a warning', async () => {
    const response = await fetch(`${demo.url}/metrics`)
    const text = await response.text()

    const checked = spawnSync(tools.check, ['check', 'metrics'], { input: text, encoding: 'utf8' })

    expect(checked).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    for (const name of expected) expect(text).toContain(`\n${name}`)
  })

  it('are scraped by a real Prometheus', async () => {
    const folder = mkdtempSync(join(tmpdir(), 't2t-scrape-'))
    const config = join(folder, 'prometheus.yml')
    writeFileSync(
      config,
      `scrape_configs: [{job_name: demo, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{targets: ['${new URL(demo.url).host}']}]}]`,
    )
    const port = await freePort()
    const prometheus = spawn(
      tools.server,
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    )
    try {
      const ask = async (path: string): Promise<string> =>
        JSON.stringify(await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json())

      const names = await eventually(async () => {
        const found = await ask('label/__name__/values')
        return expected.every((name) => found.includes(`"${name}"`)) ? found : undefined
      })
      const targets = await ask('targets')

      expect(names).toContain('"t2t_sql_check_duration_seconds_bucket"')
      expect(targets).toContain('"health":"up"')
      expect(targets).toContain('"lastError":""')
    } finally {
      await stop(prometheus)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  })
})
