export { prometheusLabel, prometheusName } from './export/prometheus-name.ts'
export { prometheusContentType, prometheusText } from './export/prometheus-text.ts'
