import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { catalogue, createMeter, observeProcess } from '@t2t/metrics'
import { prometheusContentType, prometheusName, prometheusText } from '@t2t/metrics/prometheus'
import { describe, expect, it } from 'vitest'

/** Of Debian's package `prometheus`. */
const tools = { check: 'promtool', server: 'prometheus' } as const

const isInstalled =
  spawnSync(tools.check, ['--version']).status === 0 &&
  spawnSync(tools.server, ['--version']).status === 0

/** A meter in which every metric of the catalogue has a value, with labels that hurt. */
function fullText(): string {
  const meter = createMeter()
  observeProcess(meter)
  for (const metric of catalogue) {
    const labels = Object.fromEntries(metric.labels.map((label) => [label, 'a"\\\n}=,é👩']))
    if (metric.kind === 'histogram') meter.histogram(metric).record(0.3, labels)
    else if (metric.kind === 'gauge') meter.gauge(metric).set(0.3, labels)
    else meter.counter(metric).add(1, labels)
  }
  return prometheusText(meter)
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

async function eventually<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined) return answer
    await sleep(100)
  }
  throw new Error('Nothing happened within ten seconds.')
}

describe.runIf(isInstalled)('the real Prometheus', () => {
  it('finds nothing to complain about in the text', () => {
    const checked = spawnSync(tools.check, ['check', 'metrics'], {
      input: fullText(),
      encoding: 'utf8',
    })

    expect(checked).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  it('takes the alert rules', () => {
    const file = join(import.meta.dirname, '..', '..', 'dashboards', 'alerts.yaml')

    const checked = spawnSync(tools.check, ['check', 'rules', file], { encoding: 'utf8' })

    expect(checked).toMatchObject({ status: 0 })
    expect(checked.stdout).toContain('11 rules found')
  })

  it('scrapes every metric', { timeout: 30_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 't2t-prometheus-'))
    const target = createServer((_, response) => {
      response.setHeader('content-type', prometheusContentType).end(fullText())
    })
    const probe = createServer()
    let prometheus: ChildProcess | undefined
    try {
      const port = await listen(target)
      const own = await listen(probe)
      await new Promise((resolve) => probe.close(resolve))
      const config = join(folder, 'prometheus.yml')
      writeFileSync(
        config,
        `scrape_configs: [{job_name: t2t, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{targets: ['127.0.0.1:${port}']}]}]`,
      )
      prometheus = spawn(
        tools.server,
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${folder}/data`,
          `--web.listen-address=127.0.0.1:${own}`,
        ],
        { stdio: 'ignore' },
      )

      // A scrape becomes visible series by series.
      const found = await eventually(async () => {
        const url = `http://127.0.0.1:${own}/api/v1/label/__name__/values`
        const names = JSON.stringify(await (await fetch(url)).json())
        const present = catalogue.filter((metric) => names.includes(prometheusName(metric)))
        return present.length === catalogue.length ? present.length : undefined
      })

      expect(found).toBe(catalogue.length)
    } finally {
      prometheus?.kill('SIGKILL')
      target.closeAllConnections()
      await new Promise((resolve) => target.close(resolve))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  })
})
