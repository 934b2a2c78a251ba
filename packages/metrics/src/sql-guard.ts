export { observeSqlGuard } from './observe/sql-guard.ts'
