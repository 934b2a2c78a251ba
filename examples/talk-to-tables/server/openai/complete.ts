import type { Model, ModelToolCall } from '@t2t/llm-sql'
import type { Caller } from '../access/caller.ts'
import type { Application } from '../application.ts'
import { chatErrorOf, chatStatusOf } from '../chat/chat-answer.ts'
import { stepOf, type Step } from '../chat/steps.ts'
import { HttpProblem } from '../http/problem.ts'
import { auxiliaryAnswer } from './auxiliary.ts'
import { questionOf, usageOf, type CompletionRequest, type Usage } from './chat-completion.ts'
import { inForm } from './in-form.ts'
import { jsonOf, markdownOf } from './markdown.ts'
import { completeWithTools } from './tools.ts'

/** What is said, in pieces, and what it cost. */
export interface Completion {
  readonly pieces: readonly string[]
  /** What the client is to call; absent when there is nothing. */
  readonly calls?: readonly ModelToolCall[] | undefined
  readonly usage: Usage
}

const prefix = 't2t-'

/** The ids under which the databases of a caller are offered as models. */
export function modelIdsOf(application: Application, caller: Caller): readonly string[] {
  const names = application.databasesOf(caller)
  // The first one lets the words of a question choose.
  return [...(names.length > 1 ? ['t2t'] : []), ...names.map((name) => `${prefix}${name}`)]
}

/**
 * Refuses what cannot be done, before anything is done.
 *
 * @throws {@link HttpProblem}
 */
export function checkCompletion(
  application: Application,
  caller: Caller,
  request: CompletionRequest,
): void {
  const { model, response_format: format, tool_choice: choice, n } = request
  if (!modelIdsOf(application, caller).includes(model))
    throw new HttpProblem(
      404,
      'model-not-found',
      'There is no such model; GET /v1/models lists them.',
    )
  if (format?.type === 'json_schema' && application.model?.capabilities?.json !== true)
    throw unsupported('response_format', 'No model follows a schema here; use json_object.')
  if (choice === 'required' || (typeof choice === 'object' && choice !== null))
    throw unsupported('tool_choice', 'The model chooses itself; leave the choice open.')
  if (n !== undefined && n !== null && n !== 1) throw unsupported('n', 'There is one answer.')
  if (questionOf(request).trim() === '')
    throw unsupported('messages', 'There must be a message of the user that has text.')
}

/**
 * Answers a request that was checked.
 *
 * @throws {@link HttpProblem} when something outside did not work.
 */
export async function complete(
  application: Application,
  caller: Caller,
  request: CompletionRequest,
  signal: AbortSignal,
  onStep?: (step: Step) => void,
): Promise<Completion> {
  const question = questionOf(request)
  const auxiliary = auxiliaryAnswer(question)
  if (auxiliary !== undefined) return { pieces: [auxiliary], usage: usageOf(0, 0) }
  if (wantsTools(request) && application.model?.capabilities?.tools === true)
    return withTools(application, application.model, caller, request, signal, onStep)

  const database = databaseOf(request)
  const { answer, usage } = await application.answer(caller, question, {
    mode: 'auto',
    database,
    signal,
    onEvent(event) {
      const step = stepOf(event)
      if (step !== undefined) onStep?.(step)
    },
  })
  if (answer.kind === 'failed') {
    const { code, message } = chatErrorOf(answer) ?? answer
    // Drafts that do not fit are the question's matter: asking again would not help.
    const status = chatStatusOf(answer)
    throw new HttpProblem(status === 200 ? 422 : status, code, message)
  }
  const schema = request.response_format?.json_schema
  if (schema !== undefined && application.model !== undefined) {
    const formed = await inForm(application.model, { question, answer, schema, signal })
    const input = usage.inputTokens + formed.inputTokens
    return {
      pieces: [formed.text],
      usage: usageOf(input, usage.outputTokens + formed.outputTokens),
    }
  }
  const isJson = request.response_format?.type === 'json_object'
  return {
    pieces: isJson ? [jsonOf(answer)] : markdownOf(answer),
    usage: usageOf(usage.inputTokens, usage.outputTokens),
  }
}

function databaseOf({ model }: CompletionRequest): string | undefined {
  return model.startsWith(prefix) ? model.slice(prefix.length) : undefined
}

/** Rules call no tools: where no model is, a question is answered as if there were none. */
function wantsTools({ tools, tool_choice: choice }: CompletionRequest): boolean {
  return choice !== 'none' && (tools ?? []).some(({ function: given }) => given !== undefined)
}

async function withTools(
  application: Application,
  model: Model,
  caller: Caller,
  request: CompletionRequest,
  signal: AbortSignal,
  onStep?: (step: Step) => void,
): Promise<Completion> {
  const database = databaseOf(request)
  const asked = { input: 0, output: 0 }
  const { text, calls, inputTokens, outputTokens } = await completeWithTools({
    model,
    request,
    signal,
    async ask(question) {
      const { answer, usage } = await application.answer(caller, question, {
        mode: 'auto',
        database,
        signal,
        onEvent(event) {
          const step = stepOf(event)
          if (step !== undefined) onStep?.(step)
        },
      })
      asked.input += usage.inputTokens
      asked.output += usage.outputTokens
      if (answer.kind === 'failed') return `It failed: ${answer.message}`
      return markdownOf(answer).join('')
    },
  })
  return {
    pieces: text === '' ? [] : [text],
    calls,
    usage: usageOf(inputTokens + asked.input, outputTokens + asked.output),
  }
}

function unsupported(field: string, message: string): HttpProblem {
  return new HttpProblem(400, 'unsupported-value', message, [
    { field, message, type: 'unsupported_value' },
  ])
}
