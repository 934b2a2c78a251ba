export { prometheusAlertRules } from './dashboard/alert-rules.ts'
export { cataloguePage } from './dashboard/catalogue-page.ts'
export { grafanaDashboard, type Json } from './dashboard/grafana.ts'
