export { clickhouse, type ClickhouseOptions } from './dialect/clickhouse/clickhouse.ts'
