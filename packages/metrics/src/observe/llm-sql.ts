import type { AssistantEvent } from '@t2t/llm-sql'
import { modelDuration, modelTokens } from '../catalogue/area/model.ts'
import {
  questionDrafts,
  questionDuration,
  questionEntities,
  questionMissingSources,
  questionStepDuration,
  questionTruncations,
  recoveredQuestions,
  recoveryAttempts,
} from '../catalogue/area/question.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import type { Meter } from '../meter/meter.ts'
import { ignoreUnknown, quietly, secondsOf } from './quietly.ts'

/** Options for {@link observeLlmSql}. */
export interface ObserveLlmSqlOptions {
  /**
   * Name of the database that the assistant answers from, for the label `db.namespace`.
   * @defaultValue none, which leaves the label out
   */
  readonly database?: string | undefined
}

/**
 * Makes a listener that counts questions, their steps, and the calls and tokens of models.
 *
 * The listener never throws. Use one for each assistant when `database` is given.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeLlmSql(
  meter: Meter,
  options: ObserveLlmSqlOptions = {},
): (event: AssistantEvent) => void {
  const questions = meter.histogram(questionDuration)
  const steps = meter.histogram(questionStepDuration)
  const drafts = meter.counter(questionDrafts)
  const recoveries = meter.counter(recoveryAttempts)
  const recovered = meter.counter(recoveredQuestions)
  const entities = meter.counter(questionEntities)
  const missing = meter.counter(questionMissingSources)
  const truncations = meter.counter(questionTruncations)
  const observeModel = modelObserver(meter)
  const database = { [otelLabel.databaseName]: options.database }

  function step(name: 'gather' | 'draft' | 'read', durationMs: number): void {
    steps.record(secondsOf(durationMs), { ...database, 't2t.step': name })
  }

  return quietly((event) => {
    switch (event.type) {
      case 'context-gathered':
        step('gather', event.durationMs)
        missing.add(event.missing, database)
        return
      case 'entities-resolved':
        for (const { kind } of event.entities) {
          entities.add(1, { ...database, 't2t.entity.kind': kind })
        }
        return
      case 'sql-drafted':
        step('draft', event.durationMs)
        drafts.add(1, {
          ...database,
          't2t.generator': event.generator,
          't2t.stage': event.attempt === 1 ? 'first' : 'repair',
        })
        return
      case 'sql-checked':
        if (event.attempt > 1) recoveries.add(1, { ...database, 't2t.outcome': event.verdict })
        return
      case 'rows-read':
        step('read', event.durationMs)
        if (event.isTruncated) truncations.add(1, database)
        return
      case 'model-called':
        observeModel(event, options.database)
        return
      case 'question-answered':
        questions.record(secondsOf(event.durationMs), { ...database, 't2t.outcome': event.kind })
        if ((event.attempts ?? 0) > 1) {
          const outcome = event.kind === 'answered' ? 'recovered' : 'lost'
          recovered.add(1, { ...database, 't2t.outcome': outcome })
        }
        return
      default:
        ignoreUnknown(event)
    }
  })
}

type ModelCalled = Extract<AssistantEvent, { readonly type: 'model-called' }>

function modelObserver(meter: Meter): (event: ModelCalled, database?: string) => void {
  const duration = meter.histogram(modelDuration)
  const tokens = meter.histogram(modelTokens)

  return (event, database) => {
    const { provider, model } = modelName(event.model)
    const labels = {
      [otelLabel.modelOperation]: 'chat',
      [otelLabel.modelProvider]: provider,
      [otelLabel.modelName]: model,
      [otelLabel.databaseName]: database,
      [otelLabel.errorType]: event.outcome === 'failed' ? 'failed' : undefined,
    }
    duration.record(secondsOf(event.durationMs), labels)
    if (event.inputTokens !== undefined) {
      tokens.record(event.inputTokens, { ...labels, [otelLabel.tokenType]: 'input' })
    }
    if (event.outputTokens !== undefined) {
      tokens.record(event.outputTokens, { ...labels, [otelLabel.tokenType]: 'output' })
    }
  }
}

/** Splits `provider:model`, the form of model names in this project. */
function modelName(name: string): { readonly provider: string; readonly model: string } {
  const colon = name.indexOf(':')
  if (colon < 0) return { provider: 'unknown', model: name }
  return { provider: name.slice(0, colon), model: name.slice(colon + 1) }
}
