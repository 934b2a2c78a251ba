import type { CircuitState, Clock } from '@t2t/resilience'
import { settleWith } from '../clock/deadline.ts'
import { createTurns, type Turns } from '../clock/turns.ts'
import { ConnectionError, isPassing } from '../errors/connection-error.ts'
import { asConnectionError, failureOf, isConnectionError } from '../outcome/failure.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Connection, ConnectionNotice } from './connection.ts'
import { createDialer } from './dialer.ts'
import { createGuard } from './guard.ts'
import { ReconnectPause } from './pause.ts'
import type { ServerState, UpstreamInfo, UpstreamStatus } from './upstream-info.ts'

/** What an upstream is made of. */
export interface UpstreamOptions extends UpstreamInfo {
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
  readonly isConnected: boolean
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
    ...info
  } = options
  const { name, connector, priority } = info
  const lifetime = new AbortController()
  const pause = new ReconnectPause(clock, random)
  const newGuard = () => createGuard({ clock, random, opensAfter, onChange: onCircuit })
  let guard = newGuard()
  const turns = createTurns(info.maxInFlight)
  /** Ends each request that is under way. */
  const underWay = new Set<(reason: unknown) => void>()
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
    lifetime: lifetime.signal,
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
    const hint = isAnswer || lifetime.signal.aborted ? undefined : connector.diagnose?.()
    return failureOf({ server: name, stage, uri }, error, hint)
  }

  function note(failure: Failure, error: ConnectionError): void {
    lastError = { message: failure.message, at: clock.wallTime() }
    trouble = error
  }

  function report(error: ConnectionError): void {
    const failure = describe('connect', error)
    note(failure, error)
    if (!lifetime.signal.aborted) onFailed(failure)
  }

  function drop(connection: Connection, error: ConnectionError): void {
    if (current !== connection || lifetime.signal.aborted) return
    current = undefined
    pause.lost(error)
    report(error)
    connection.close().catch(() => undefined)
  }

  async function connectionFor({ signal, isInsistent }: UseOptions): Promise<Connection> {
    lifetime.signal.throwIfAborted()
    if (current !== undefined) return current
    const refusal = isInsistent === true || dialer.isDialing ? undefined : pause.refusal
    if (refusal !== undefined) throw refusal
    return dialer.dial(signal)
  }

  /** Resolves when the server answered, if only with an error; rejects when it did not. */
  async function attempt<Value>(
    operation: (connection: Connection) => Promise<Value>,
    useOptions: UseOptions,
    place: Place,
  ): Promise<Use<Value>> {
    const { signal, isRepeatable } = useOptions
    for (let isSecond = false; ; isSecond = true) {
      const old = current
      place.stage = 'connect'
      const connection = await connectionFor(useOptions)
      place.stage = 'use'
      try {
        const value = await settleWith(signal, () => operation(connection), underWay)
        trouble = undefined
        return { kind: 'done', value }
      } catch (error) {
        const isOver = signal.aborted || lifetime.signal.aborted
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
      if (isInsistent !== true) return await guard.run(work)
      const used = await work()
      if (guard.state !== 'closed') {
        guard = newGuard()
        onCircuit('closed')
      }
      return used
    } catch (error) {
      const otherwise = place.stage === 'connect' ? 'unreachable' : 'invalid'
      return { kind: 'failed', stage: place.stage, error: asConnectionError(error, otherwise) }
    }
  }

  function state(): ServerState {
    if (lifetime.signal.aborted) return 'closed'
    if (guard.state === 'half-open') return 'half-open'
    if (current === undefined && dialer.isDialing) return 'connecting'
    if (guard.state === 'open') return 'open'
    if (trouble?.kind === 'unauthorized') return 'auth-required'
    if (trouble?.isPermanent === true && current === undefined) return 'failed'
    if (trouble !== undefined) return 'degraded'
    return current === undefined ? 'idle' : 'ready'
  }

  return {
    ...info,
    get isConnected() {
      return current !== undefined
    },
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
      circuit: guard.state,
      ...(lastError === undefined
        ? {}
        : { lastError: lastError.message, lastErrorAt: lastError.at }),
      ...(current !== undefined || pause.leftMs === 0
        ? {}
        : { retryAfterMs: Math.ceil(pause.leftMs) }),
    }),
    close: async () => {
      if (lifetime.signal.aborted) return
      const closing = current
      current = undefined
      lifetime.abort(new ConnectionError('closed', 'The orchestrator was closed.'))
      for (const reject of underWay) reject(lifetime.signal.reason)
      await Promise.all([closing?.close(), dialer.settled()])
    },
  }
}
