import type { Application } from '../application.ts'
import { chatErrorOf, chatStatusOf } from '../chat/chat-answer.ts'
import { stepOf, type Step } from '../chat/steps.ts'
import { HttpProblem } from '../http/problem.ts'
import { auxiliaryAnswer } from './auxiliary.ts'
import { questionOf, usageOf, type CompletionRequest, type Usage } from './chat-completion.ts'
import { jsonOf, markdownOf } from './markdown.ts'

/** What is said, in pieces, and what it cost. */
export interface Completion {
  readonly pieces: readonly string[]
  readonly usage: Usage
}

/** The id under which the database is offered as a model. */
export function modelIdOf({ databaseName }: Application): string {
  return `t2t-${databaseName}`
}

/**
 * Refuses what cannot be done, before anything is done.
 *
 * @throws {@link HttpProblem}
 */
export function checkCompletion(application: Application, request: CompletionRequest): void {
  const { model, response_format: format, tool_choice: choice, n } = request
  if (model !== modelIdOf(application))
    throw new HttpProblem(
      404,
      'model-not-found',
      'There is no such model; GET /v1/models lists them.',
    )
  if (format?.type === 'json_schema')
    throw unsupported('response_format', 'Answers do not follow a schema; use json_object.')
  if (choice === 'required' || (typeof choice === 'object' && choice !== null))
    throw unsupported('tool_choice', 'No tools are called; leave the choice open.')
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
  request: CompletionRequest,
  signal: AbortSignal,
  onStep?: (step: Step) => void,
): Promise<Completion> {
  const question = questionOf(request)
  const auxiliary = auxiliaryAnswer(question)
  if (auxiliary !== undefined) return { pieces: [auxiliary], usage: usageOf(0, 0) }

  const { run } = application.start(question, { mode: 'auto', signal })
  let [input, output] = [0, 0]
  for await (const event of run) {
    if (event.type === 'model-called') {
      input += event.inputTokens ?? 0
      output += event.outputTokens ?? 0
    }
    const step = stepOf(event)
    if (step !== undefined) onStep?.(step)
  }
  const answer = await run.answer
  if (answer.kind === 'failed') {
    const { code, message } = chatErrorOf(answer) ?? answer
    // Drafts that do not fit are the question's matter: asking again would not help.
    const status = chatStatusOf(answer)
    throw new HttpProblem(status === 200 ? 422 : status, code, message)
  }
  const isJson = request.response_format?.type === 'json_object'
  return {
    pieces: isJson ? [jsonOf(answer)] : markdownOf(answer),
    usage: usageOf(input, output),
  }
}

function unsupported(field: string, message: string): HttpProblem {
  return new HttpProblem(400, 'unsupported-value', message, [
    { field, message, type: 'unsupported_value' },
  ])
}
