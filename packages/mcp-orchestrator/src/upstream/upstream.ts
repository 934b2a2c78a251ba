import type { Clock } from '@t2t/resilience'
import { settleWith } from '../clock/deadline.ts'
import { ConnectionError } from '../errors/errors.ts'
import type { ServerStatus } from '../orchestrator/orchestrator.ts'
import { asConnectionError, failureOf } from '../outcome/failure.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Connection, Connector } from './connection.ts'
import { createDialer } from './dialer.ts'

/** What is known about a server, with every option filled in. */
export interface UpstreamInfo {
  readonly name: string
  readonly connector: Connector
  readonly priority: number
  readonly domains: readonly string[]
  readonly timeoutMs: number
  readonly trust: 'trusted' | 'untrusted'
}

/** What an upstream is made of. */
export interface UpstreamOptions extends UpstreamInfo {
  readonly clock: Clock
  readonly onConnected: (durationMs: number) => void
  readonly onFailed: (failure: Failure) => void
}

/** What using a connection came to. */
export type Use<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'failed'; readonly stage: 'connect' | 'use'; readonly error: ConnectionError }

/** How a connection is used. */
export interface UseOptions {
  readonly signal: AbortSignal
  /** Whether the operation may run a second time after a connection was lost. */
  readonly isRepeatable: boolean
}

/** One server: connected when it is needed, and again after its connection was lost. */
export interface Upstream extends UpstreamInfo {
  /** Never rejects. After an abort the outcome means nothing: look at the signal. */
  use<Value>(
    operation: (connection: Connection) => Promise<Value>,
    options: UseOptions,
  ): Promise<Use<Value>>
  describe(stage: Failure['stage'], error: ConnectionError, uri?: string): Failure
  status(): ServerStatus
  close(): Promise<void>
}

/** Creates the upstream of one server. Nothing is connected before the first use. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { clock, onConnected, onFailed, ...info } = options
  const { name, connector, priority } = info
  const lifetime = new AbortController()
  let current: Connection | undefined
  let lastError: string | undefined

  const dialer = createDialer({
    connector,
    timeoutMs: info.timeoutMs,
    clock,
    lifetime: lifetime.signal,
    onConnected: (connection, durationMs) => {
      current = connection
      lastError = undefined
      onConnected(durationMs)
    },
    onFailed: lose,
  })

  const describe: Upstream['describe'] = (stage, error, uri) => {
    const isAnswer = error.kind === 'refused' || error.kind === 'invalid'
    const hint = isAnswer || lifetime.signal.aborted ? undefined : connector.diagnose?.()
    return failureOf({ server: name, stage, uri }, error, hint)
  }

  function lose(error: ConnectionError): void {
    const failure = describe('connect', error)
    lastError = failure.message
    if (!lifetime.signal.aborted) onFailed(failure)
  }

  function drop(connection: Connection, error: ConnectionError): void {
    if (current !== connection) return
    current = undefined
    lose(error)
    connection.close().catch(() => undefined)
  }

  const use: Upstream['use'] = async (operation, { signal, isRepeatable }) => {
    for (let isSecond = false; ; isSecond = true) {
      const old = current
      let connection: Connection
      try {
        lifetime.signal.throwIfAborted()
        connection = old ?? (await dialer.dial(signal))
      } catch (error) {
        return { kind: 'failed', stage: 'connect', error: asConnectionError(error, 'unreachable') }
      }
      try {
        const value = await settleWith(lifetime.signal, () =>
          settleWith(signal, () => operation(connection)),
        )
        return { kind: 'done', value }
      } catch (error) {
        const failed = asConnectionError(error, 'invalid')
        const isOver = signal.aborted || lifetime.signal.aborted
        const isLost = failed.kind === 'closed' || failed.kind === 'unreachable'
        if (isLost && !isOver) drop(connection, failed)
        else if (failed.kind !== 'refused' && !isOver) lastError = describe('call', failed).message
        const mayRepeat = isRepeatable || failed.isSafeToRepeat
        if (isOver || !isLost || old === undefined || !mayRepeat || isSecond) {
          return { kind: 'failed', stage: 'use', error: failed }
        }
      }
    }
  }

  function state(): ServerStatus['state'] {
    if (lifetime.signal.aborted) return 'closed'
    if (current !== undefined) return 'ready'
    if (dialer.isDialing) return 'connecting'
    return lastError === undefined ? 'idle' : 'failed'
  }

  return {
    ...info,
    use,
    describe,
    status: () => ({
      name,
      priority,
      state: state(),
      description: connector.description,
      ...(lastError === undefined ? {} : { lastError }),
    }),
    close: async () => {
      if (lifetime.signal.aborted) return
      const closing = current
      current = undefined
      lifetime.abort(new ConnectionError('closed', 'The orchestrator was closed.'))
      await Promise.all([closing?.close(), dialer.settled()])
    },
  }
}
