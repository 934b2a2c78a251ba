import { SharedWork } from '../../clock/shared-work.ts'
import { ConnectionError } from '../../errors/connection-error.ts'
import type { Fetch } from './capped-fetch.ts'

/** How long an authorization server may take to answer, in milliseconds. */
const timeoutMs = 10_000

/** An answer that was read to its end, so that many can have it. */
interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** Sends a request once for all who want the same at the same time. */
export class SharedAnswers {
  readonly #fetch: Fetch
  readonly #running = new Map<string, SharedWork<Answer>>()

  constructor(fetch: Fetch) {
    this.#fetch = fetch
  }

  async send(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const key = JSON.stringify([
      init.method,
      String(url),
      new Headers(init.headers).get('authorization'),
      // A form is an object; its text says whether two are the same.
      init.body instanceof URLSearchParams ? init.body.toString() : init.body,
    ])
    const running = this.#running.get(key)
    const work = running ?? new SharedWork<Answer>(() => this.#running.delete(key))
    if (running === undefined) this.#running.set(key, work)
    const timeout = AbortSignal.timeout(timeoutMs)
    const { status, headers, body } = await work
      .join(timeout, ({ signal }) => this.#read(url, { ...init, signal }))
      .catch((error: unknown) => {
        throw timeout.aborted ? silent(error) : error
      })
    return new Response(isBodiless(status) ? null : body, {
      status,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
    })
  }

  async #read(url: string | URL, init: RequestInit): Promise<Answer> {
    const response = await this.#fetch(url, init)
    const { status, headers } = response
    return { status, headers: [...headers], body: await response.text() }
  }
}

function silent(cause: unknown): ConnectionError {
  const message = `The authorization server gave no answer within ${timeoutMs} ms.`
  return new ConnectionError('unreachable', message, { cause })
}

/** Whether the platform allows no body beside this status. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}
