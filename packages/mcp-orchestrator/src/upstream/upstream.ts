import type { CircuitState, Clock } from '@t2t/resilience'
import { settleWith } from '../clock/deadline.ts'
import { Turns } from '../clock/turns.ts'
import { ConnectionError, isPassing } from '../errors/connection-error.ts'
import { asConnectionError, failureOf, isConnectionError } from '../outcome/failure.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Connection, ConnectionNotice } from './connection.ts'
import { createDialer } from './dialer.ts'
import { createGuard, type Guard } from './guard.ts'
import { ReconnectPause } from './pause.ts'
import type { ServerState, UpstreamInfo, UpstreamStatus } from './upstream-info.ts'

/** What an upstream is made of. */
export interface UpstreamOptions {
  readonly info: UpstreamInfo
  readonly clock: Clock
  readonly random: () => number
  /** Failures in a row after which the server is left alone for a while. */
  readonly opensAfter: number
  /** Bounds how many servers are connected to at the same time. */
  readonly connecting: Turns
  readonly onConnected: (durationMs: number) => void
  /** No connection could be made, or the one that there was is lost. */
  readonly onFailed: (failure: Failure) => void
  readonly onCircuit: (state: CircuitState, openForMs?: number) => void
  readonly onNotice: (notice: Exclude<ConnectionNotice, { readonly type: 'closed' }>) => void
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
  /** Whether pauses and an open circuit are disregarded. */
  readonly isInsistent?: boolean | undefined
}

/** How far a use came. */
interface Place {
  stage: 'connect' | 'use'
}

/** One server: connected when it is needed, and again after its connection was lost. */
export interface Upstream extends UpstreamInfo {
  isConnected(): boolean
  /** Never rejects. After an abort the outcome means nothing: look at the signal. */
  use<Value>(
    operation: (connection: Connection) => Promise<Value>,
    options: UseOptions,
  ): Promise<Use<Value>>
  describe(stage: Failure['stage'], error: ConnectionError, uri?: string): Failure
  status(): UpstreamStatus
  close(): Promise<void>
}

/** Creates the upstream of one server. Nothing is connected before the first use. */
export function createUpstream(options: UpstreamOptions): Upstream {
  const {
    clock,
    random,
    opensAfter,
    connecting,
    onConnected,
    onFailed,
    onCircuit,
    onNotice,
    info,
  } = options
  const { name, connector, priority } = info
  /** Why it is over, once it was closed. */
  let ended: ConnectionError | undefined
  const pause = new ReconnectPause(clock, random)
  /** Made for the first request. */
  let guard: Guard | undefined
  const circuit = (): CircuitState => guard?.state() ?? 'closed'
  const turns = new Turns(info.maxInFlight)
  /** Ends each request that is under way; there once there was a request beside connecting. */
  let underWay: Set<(reason: unknown) => void> | undefined
  let current: Connection | undefined
  let connects = 0
  let lastError: { readonly message: string; readonly at: number } | undefined
  /** What the server's last failure was, while it has not answered since. */
  let trouble: ConnectionError | undefined

  const dialer = createDialer({
    connector,
    timeoutMs: info.timeoutMs,
    clock,
    turns: connecting,
    onConnected: (connection, durationMs) => {
      current = connection
      connects += 1
      pause.connected()
      trouble = undefined
      lastError = undefined
      onConnected(durationMs)
    },
    onFailed: (error) => {
      pause.failed(error)
      report(error)
    },
    onEnded: drop,
    onNotice,
  })

  const describe: Upstream['describe'] = (stage, error, uri) => {
    const isAnswer = !isPassing(error.kind)
    const hint = isAnswer || ended !== undefined ? undefined : connector.diagnose?.()
    return failureOf({ server: name, stage, uri }, error, hint)
  }

  function note(failure: Failure, error: ConnectionError): void {
    lastError = { message: failure.message, at: clock.wallTime() }
    trouble = error
  }

  function report(error: ConnectionError): void {
    const failure = describe('connect', error)
    note(failure, error)
    if (ended === undefined) onFailed(failure)
  }

  function drop(connection: Connection, error: ConnectionError): void {
    if (current !== connection || ended !== undefined) return
    current = undefined
    pause.lost(error)
    report(error)
    connection.close().catch(() => undefined)
  }

  async function connectionFor({ signal, isInsistent }: UseOptions): Promise<Connection> {
    if (ended !== undefined) throw ended
    if (current !== undefined) return current
    const refusal = isInsistent === true || dialer.isDialing() ? undefined : pause.refusal
    if (refusal !== undefined) throw refusal
    return dialer.dial(signal)
  }

  /** Resolves when the server answered, if only with an error; rejects when it did not. */
  async function attempt<Value>(
    operation: (connection: Connection) => Promise<Value>,
    useOptions: UseOptions,
    place: Place,
  ): Promise<Use<Value>> {
    const { signal, isRepeatable, isInsistent } = useOptions
    for (let isSecond = false; ; isSecond = true) {
      const old = current
      place.stage = 'connect'
      const connection = await connectionFor(useOptions)
      place.stage = 'use'
      try {
        const pool = isInsistent === true ? undefined : (underWay ??= new Set())
        const value = await settleWith(signal, () => operation(connection), pool)
        trouble = undefined
        return { kind: 'done', value }
      } catch (error) {
        const isOver = signal.aborted || ended !== undefined
        if (isOver && !isConnectionError(error)) throw error
        const failed = asConnectionError(error, 'invalid')
        const isLost = failed.kind === 'closed' || failed.kind === 'unreachable'
        if (isLost && !isOver) drop(connection, failed)
        else if (isPassing(failed.kind)) note(describe('call', failed), failed)
        const mayRepeat = isRepeatable || failed.isSafeToRepeat
        if (!isOver && isLost && old !== undefined && mayRepeat && !isSecond) continue
        if (isPassing(failed.kind)) throw failed
        if (failed.kind === 'unauthorized') note(describe('call', failed), failed)
        return { kind: 'failed', stage: 'use', error: failed }
      }
    }
  }

  const use: Upstream['use'] = async (operation, useOptions) => {
    const { signal, isInsistent } = useOptions
    const place: Place = { stage: signal.aborted || current !== undefined ? 'use' : 'connect' }
    const work = () => turns.run(signal, () => attempt(operation, useOptions, place))
    try {
      signal.throwIfAborted()
      if (isInsistent !== true) {
        guard ??= createGuard({ clock, random, opensAfter, onChange: onCircuit })
        return await guard.run(work)
      }
      const used = await work()
      if (circuit() !== 'closed') {
        guard = undefined
        onCircuit('closed')
      }
      return used
    } catch (error) {
      const otherwise = place.stage === 'connect' ? 'unreachable' : 'invalid'
      return { kind: 'failed', stage: place.stage, error: asConnectionError(error, otherwise) }
    }
  }

  function state(): ServerState {
    if (ended !== undefined) return 'closed'
    if (circuit() === 'half-open') return 'half-open'
    if (current === undefined && dialer.isDialing()) return 'connecting'
    if (circuit() === 'open') return 'open'
    if (trouble?.kind === 'unauthorized') return 'auth-required'
    if (trouble?.isPermanent === true && current === undefined) return 'failed'
    if (trouble !== undefined) return 'degraded'
    return current === undefined ? 'idle' : 'ready'
  }

  return {
    ...info,
    isConnected: () => current !== undefined,
    use,
    describe,
    status: () => ({
      name,
      priority,
      isRequired: info.isRequired,
      state: state(),
      description: connector.description,
      connects,
      inFlight: turns.running,
      circuit: circuit(),
      ...(lastError === undefined
        ? {}
        : { lastError: lastError.message, lastErrorAt: lastError.at }),
      ...(current !== undefined || pause.leftMs === 0
        ? {}
        : { retryAfterMs: Math.ceil(pause.leftMs) }),
    }),
    close: async () => {
      if (ended !== undefined) return
      const closing = current
      current = undefined
      const reason = new ConnectionError('closed', 'The orchestrator was closed.')
      ended = reason
      for (const reject of underWay ?? []) reject(reason)
      await Promise.all([closing?.close(), dialer.close(reason)])
    },
  }
}
