export { mysql, type MysqlOptions } from './engine/mysql/mysql.ts'
export type { PooledEngine, PoolFigures } from './engine/pool.ts'
