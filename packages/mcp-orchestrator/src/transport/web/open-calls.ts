import { link } from '../../clock/deadline.ts'
import { ConnectionError } from '../../errors/connection-error.ts'

/** What a request of the protocol says about itself. */
export interface SentMessage {
  /** Absent when no answer is waited for. */
  readonly id?: string | number | undefined
  /** Absent when it is an answer to the server. */
  readonly method?: string | undefined
  /** The request that nobody waits for any more, when it says so. */
  readonly cancels?: string | number | undefined
}

/** Answers to questions of a server that are under way at the same time. */
const answersAtOnce = 32

/** Reads what is sent; `undefined` when it is no message of the protocol. */
export function messageIn(init: RequestInit | undefined): SentMessage | undefined {
  if (typeof init?.body !== 'string' || !init.body.startsWith('{')) return undefined
  const message: unknown = JSON.parse(init.body)
  if (typeof message !== 'object' || message === null || !('jsonrpc' in message)) return undefined
  const method = 'method' in message ? String(message.method) : undefined
  const params = 'params' in message ? message.params : undefined
  const isCancel = method === 'notifications/cancelled'
  const hasTarget = isCancel && typeof params === 'object' && params !== null
  return {
    id: 'id' in message ? idOf(message.id) : undefined,
    method,
    cancels: hasTarget && 'requestId' in params ? idOf(params.requestId) : undefined,
  }
}

function idOf(id: unknown): string | number | undefined {
  return typeof id === 'string' || typeof id === 'number' ? id : undefined
}

/**
 * What is under way on one connection over HTTP. A request that was cancelled lets go of its socket,
 * and a server that asks without end is not answered without end.
 */
export class OpenCalls {
  readonly #calls = new Map<string | number, AbortController>()
  #answers = 0

  /** Sends a request; gives what ends the answer early. */
  async send(
    id: string | number,
    init: RequestInit | undefined,
    send: (init: RequestInit) => Promise<Response>,
  ): Promise<{ readonly response: Response; readonly call: OpenCall }> {
    const controller = new AbortController()
    const unlink = link(init?.signal ?? undefined, controller)
    this.#calls.set(id, controller)
    const end = (): void => {
      unlink()
      if (this.#calls.get(id) === controller) this.#calls.delete(id)
    }
    try {
      const response = await send({ ...init, signal: controller.signal })
      return { response, call: { signal: controller.signal, end } }
    } catch (error) {
      end()
      throw error
    }
  }

  /** Lets go of a request that nobody waits for any more. */
  cancel(id: string | number): void {
    this.#calls.get(id)?.abort(new ConnectionError('closed', 'The request was cancelled.'))
  }

  /** Answers a question of the server, unless too many are being answered. */
  async answer(send: () => Promise<Response>): Promise<Response> {
    if (this.#answers >= answersAtOnce) {
      throw new ConnectionError('invalid', 'The server asks more than it can be answered.')
    }
    this.#answers += 1
    try {
      return await send()
    } finally {
      this.#answers -= 1
    }
  }
}

/** A request whose answer has begun. */
export interface OpenCall {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Called once, when the answer is over. */
  readonly end: () => void
}
