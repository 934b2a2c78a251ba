import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type DefaultTheme } from 'vitepress'

const generated = join(import.meta.dirname, '..', 'api', 'typedoc-sidebar.json')
const api: DefaultTheme.SidebarItem[] = existsSync(generated)
  ? (JSON.parse(readFileSync(generated, 'utf8')) as DefaultTheme.SidebarItem[])
  : []

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      { text: 'Architecture', link: '/' },
      { text: 'Ask the demo', link: '/learn/ask-the-demo' },
    ],
  },
  { text: 'Decisions', items: [{ text: 'All decisions', link: '/decisions/' }] },
  {
    text: 'Security',
    items: [
      { text: 'Threat model', link: '/security/' },
      { text: 'The attack corpus', link: '/security/corpus' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Benchmarks', link: '/reference/benchmarks' },
      { text: 'Metrics', link: '/reference/metrics' },
      { text: 'Faults of MCP servers', link: '/reference/faults' },
      { text: 'Failures of models', link: '/reference/model-failures' },
      { text: 'From earlier systems', link: '/reference/from-earlier-systems' },
    ],
  },
]

export default defineConfig({
  title: 't2t',
  description: 'Questions in plain language, answered from SQL databases, safely.',
  cleanUrls: true,
  lastUpdated: false,
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: { '/api/': api, '/': guide },
  },
})
