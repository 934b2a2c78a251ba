export { observeDatabase, type ObserveDatabaseOptions } from './observe/database.ts'
export { observePool, type ObservePoolOptions, type PoolSource } from './observe/pool.ts'
