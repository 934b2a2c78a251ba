export type { PooledEngine, PoolFigures } from './engine/pool.ts'
export { postgres, type PostgresOptions } from './engine/postgres/postgres.ts'
