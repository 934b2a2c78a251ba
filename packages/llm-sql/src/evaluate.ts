export { evaluate } from './evaluate/evaluate.ts'
export type { EvaluatedQuestion, EvaluateOptions, EvaluationProgress } from './evaluate/evaluate.ts'
export {
  readOutputs,
  readQuestions,
  type EvaluationQuestion,
  type RecordedOutput,
} from './evaluate/questions.ts'
export { describeReport, type EvaluationCounts, type EvaluationReport } from './evaluate/report.ts'
export {
  isSameResult,
  saysOrder,
  type ResultRow,
  type ResultValue,
} from './evaluate/same-result.ts'
export type { EvaluationSetup } from './evaluate/setup.ts'
export {
  assistantSubject,
  recordedSubject,
  type EvaluationSubject,
  type SubjectAnswer,
} from './evaluate/subject.ts'
