export { clickhouse, type ClickhouseOptions } from './engine/clickhouse/clickhouse.ts'
