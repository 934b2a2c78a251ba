export { observeDatabase, type ObserveDatabaseOptions } from './observe/database.ts'
