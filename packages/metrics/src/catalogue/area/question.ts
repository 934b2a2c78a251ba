import type { CounterDefinition, HistogramDefinition } from '../../meter/definition.ts'
import { otelBuckets, otelLabel } from '../otel-names.ts'

export const questionDuration = {
  kind: 'histogram',
  name: 't2t.question.duration',
  unit: 's',
  description: 'Time from a question to its end, by outcome: answered, clarify, refused or failed.',
  labels: [otelLabel.databaseName, 't2t.outcome'],
  buckets: otelBuckets.mcp,
} as const satisfies HistogramDefinition

export const questionStepDuration = {
  kind: 'histogram',
  name: 't2t.question.step.duration',
  unit: 's',
  description: 'Time of one step of answering: gather, draft or read.',
  labels: [otelLabel.databaseName, 't2t.step'],
  buckets: otelBuckets.mcp,
} as const satisfies HistogramDefinition

export const questionDrafts = {
  kind: 'counter',
  name: 't2t.question.drafts',
  unit: '{draft}',
  description: 'SQL texts that were drafted, by generator and by whether they repair another.',
  labels: [otelLabel.databaseName, 't2t.generator', 't2t.stage'],
} as const satisfies CounterDefinition

export const recoveryAttempts = {
  kind: 'counter',
  name: 't2t.recovery.attempts',
  unit: '{attempt}',
  description: 'Drafts that repair another, by what the guard decided about them.',
  labels: [otelLabel.databaseName, 't2t.outcome'],
} as const satisfies CounterDefinition

export const recoveredQuestions = {
  kind: 'counter',
  name: 't2t.recovery.questions',
  unit: '{question}',
  description:
    'Questions that took more than one draft, by whether they were answered: recovered or lost.',
  labels: [otelLabel.databaseName, 't2t.outcome'],
} as const satisfies CounterDefinition

export const questionEntities = {
  kind: 'counter',
  name: 't2t.question.entities',
  unit: '{entity}',
  description: 'Phrases of questions that were resolved, by what they were resolved to.',
  labels: [otelLabel.databaseName, 't2t.entity.kind'],
} as const satisfies CounterDefinition

export const questionMissingSources = {
  kind: 'counter',
  name: 't2t.question.missing_sources',
  unit: '{source}',
  description: 'Sources of context that did not answer while a question was answered.',
  labels: [otelLabel.databaseName],
} as const satisfies CounterDefinition

export const questionTruncations = {
  kind: 'counter',
  name: 't2t.question.truncations',
  unit: '{answer}',
  description: 'Answers whose rows were cut by a cap.',
  labels: [otelLabel.databaseName],
} as const satisfies CounterDefinition

export const questionMetrics = [
  questionDuration,
  questionStepDuration,
  questionDrafts,
  recoveryAttempts,
  recoveredQuestions,
  questionEntities,
  questionMissingSources,
  questionTruncations,
] as const
