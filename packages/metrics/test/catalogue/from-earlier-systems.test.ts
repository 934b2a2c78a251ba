import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '@t2t/metrics'
import { prometheusName } from '@t2t/metrics/prometheus'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..', '..')
const page = readFileSync(join(root, 'docs', 'reference', 'from-earlier-systems.md'), 'utf8')
const shown = [...page.matchAll(/`([\w./-]+\.ts)`: “([^”]+)”/g)].map(
  ([, file = '', title = '']) => ({
    file,
    title,
  }),
)

describe('the page about earlier systems', () => {
  it.for(shown)('names the test “$title”, which is in $file', ({ file, title }) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(`'${title}'`)
  })

  it('names a test or says that there is none, for each line', () => {
    const lines = page.split('\n').filter((line) => /^\| (?!Before|---)/.test(line))

    const without = lines.filter((line) => !line.includes('“') && !line.includes('Not there yet'))

    expect(lines.length).toBeGreaterThan(25)
    expect(without).toEqual([])
  })

  it('names only metrics that exist', () => {
    const known = catalogue.map((metric) => prometheusName(metric))
    const named = [...page.matchAll(/`((?:t2t|gen_ai|db|mcp|http|process|system)_[a-z0-9_]+)`/g)]
    const labels = catalogue.flatMap((metric) =>
      metric.labels.map((label) => label.replaceAll('.', '_')),
    )

    const unknown = named
      .map(([, name = '']) => name.replace(/_count$/, ''))
      .filter((name) => !known.includes(name) && !labels.includes(name))

    expect(named.length).toBeGreaterThan(20)
    expect(unknown).toEqual([])
  })
})
