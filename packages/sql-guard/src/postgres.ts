export { postgres } from './dialect/postgres/postgres.ts'
