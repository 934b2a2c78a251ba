export { mysql, type MysqlOptions } from './dialect/mysql/mysql.ts'
