import { ConnectionError } from '../../errors/connection-error.ts'
import { classify, type Fault } from './classify.ts'
import type { OpenLine } from './open-line.ts'

/** What a transport of either SDK says about its session. */
interface HasSession {
  readonly sessionId?: string | undefined
}

/** Says what went wrong on one connection, and tells when it has ended. */
export class LineErrors {
  /** Set once the connection is there. */
  isConnected = false
  #isClosed = false
  readonly #line: OpenLine<HasSession>
  readonly #readFault: (error: unknown) => Fault

  constructor(line: OpenLine<HasSession>, readFault: (error: unknown) => Fault) {
    this.#line = line
    this.#readFault = readFault
  }

  /** Called when the connection ended by itself, or was ended. */
  end(): void {
    const { failure, onNotice } = this.#line
    this.#isClosed = true
    const error = failure?.() ?? new ConnectionError('closed', 'The connection ended.')
    onNotice?.({ type: 'closed', error })
  }

  toError(error: unknown): ConnectionError {
    const { transport, secrets, failure, isSession = false } = this.#line
    const hadSession = (isSession && this.isConnected) || transport.sessionId !== undefined
    const readFault = this.#readFault
    const ended = failure?.()
    const isClosed = this.#isClosed || ended !== undefined
    const known = classify(error, { readFault, secrets, isClosed, hadSession })
    if (known.kind !== 'closed' || ended === undefined) return known
    const { isSafeToRepeat } = known
    // What was never sent is not the request that ended the connection.
    const kind = isSafeToRepeat ? 'closed' : ended.kind
    return new ConnectionError(kind, ended.message, { cause: known, isSafeToRepeat })
  }
}
