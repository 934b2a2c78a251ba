import { ModelError } from '../../errors/errors.ts'
import type { Fetch, FetchResponse } from './fetch.ts'
import { dataOf } from './server-sent.ts'
import { errorForStatus } from './status.ts'

/** A request to a model server. */
export interface HttpCall {
  readonly send: Fetch
  readonly url: string
  readonly headers: Record<string, string>
  readonly body: object
}

/** More than any reply holds; what comes after is not read. */
const maxCharacters = 4_000_000

/**
 * Posts JSON and gives the whole body.
 *
 * @throws {@link ModelError} when there is no body, or the status is not one of success.
 */
export async function post(call: HttpCall, signal: AbortSignal): Promise<string> {
  const response = await answerTo(call, signal)
  let text = ''
  for await (const piece of piecesOf(response, signal)) text += piece
  throwUnlessSuccess(response)
  return text
}

/**
 * Posts JSON and gives the data of each server-sent event as it comes.
 *
 * @throws {@link ModelError} when the stream breaks, or the status is not one of success.
 */
export async function* postForEvents(call: HttpCall, signal: AbortSignal): AsyncGenerator<string> {
  const response = await answerTo(call, signal)
  throwUnlessSuccess(response)
  yield* dataOf(piecesOf(response, signal))
}

async function answerTo(
  { send, url, headers, body }: HttpCall,
  signal: AbortSignal,
): Promise<FetchResponse> {
  signal.throwIfAborted()
  const json = { 'content-type': 'application/json', ...headers }
  try {
    return await send(url, { method: 'POST', headers: json, body: JSON.stringify(body), signal })
  } catch {
    throw unreachable(signal)
  }
}

async function* piecesOf(response: FetchResponse, signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let length = 0
  try {
    const body = response.body ?? undefined
    if (body === undefined) {
      yield (await response.text()).slice(0, maxCharacters)
      return
    }
    for await (const bytes of body) {
      const text = decoder.decode(bytes, { stream: true })
      length += text.length
      if (length > maxCharacters) break
      yield text
    }
  } catch {
    throw unreachable(signal)
  }
  if (length > maxCharacters) {
    throw new ModelError(
      'LLM_SQL_MODEL_REPLY_INVALID',
      'The model server does not end its reply.',
      {
        retryable: false,
      },
    )
  }
}

function throwUnlessSuccess({ status, headers }: FetchResponse): void {
  if (status < 200 || status > 299) throw errorForStatus(status, headers)
}

/** The cause is kept out: texts of network errors can hold addresses with secrets. */
function unreachable(signal: AbortSignal): ModelError {
  signal.throwIfAborted()
  return new ModelError('LLM_SQL_MODEL_UNREACHABLE', 'The model server could not be reached.', {
    retryable: true,
  })
}
