// Writes what is made from the catalogue: npm run generate -w packages/metrics
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cataloguePage, grafanaDashboard, prometheusAlertRules } from '@t2t/metrics/dashboards'

const here = import.meta.dirname
const dashboards = join(here, 'dashboards')
mkdirSync(dashboards, { recursive: true })
writeFileSync(
  join(dashboards, 'grafana.json'),
  `${JSON.stringify(grafanaDashboard(), undefined, 2)}\n`,
)
writeFileSync(join(dashboards, 'alerts.yaml'), prometheusAlertRules())
writeFileSync(join(here, '..', '..', 'docs', 'reference', 'metrics.md'), cataloguePage())
