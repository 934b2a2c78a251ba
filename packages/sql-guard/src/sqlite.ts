export { sqlite } from './dialect/sqlite/sqlite.ts'
