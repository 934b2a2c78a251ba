export { sqlite, type SqliteOptions } from './engine/sqlite/sqlite.ts'
