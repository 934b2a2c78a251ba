export { observeLlmSql, type ObserveLlmSqlOptions } from './observe/llm-sql.ts'
export {
  type OpenTelemetrySpan,
  type OpenTelemetryTracer,
  type SpanAttributes,
  traceQuestion,
  type TraceQuestionOptions,
} from './observe/trace-question.ts'
