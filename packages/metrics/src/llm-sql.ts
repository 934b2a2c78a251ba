export { observeLlmSql, type ObserveLlmSqlOptions } from './observe/llm-sql.ts'
