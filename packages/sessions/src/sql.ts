export { migrateSessions, type MigrateOptions } from './store/sql/migrate.ts'
export { nodeSqliteDialect } from './store/node-sqlite/node-sqlite-dialect.ts'
export { sqlStore, type SqlStoreOptions } from './store/sql/sql-store.ts'
