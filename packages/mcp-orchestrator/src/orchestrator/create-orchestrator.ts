import { systemClock, type Clock } from '@t2t/resilience'
import { ConnectionError } from '../errors/connection-error.ts'
import { OptionInvalidError, OrchestratorClosedError } from '../errors/errors.ts'
import { failureOf } from '../outcome/failure.ts'
import type { Failure, Gathered, ToolOutcome } from '../outcome/outcome.ts'
import type { ToolInfo } from '../upstream/connection.ts'
import { createTurns } from '../clock/turns.ts'
import { createUpstream, type Upstream } from '../upstream/upstream.ts'
import { askServer, type Question, type Reply } from './ask.ts'
import { connectTo } from './connect.ts'
import type { OrchestratorEvent, OrchestratorListener, ServerEvent, ServerEventListener } from './events.ts'
import { gatherFrom } from './gather.ts'
import type { GatherOptions, Orchestrator, ServerOptions, ToolCall } from './orchestrator.ts'
import { checkInteger, checkServers, compareText } from './server-options.ts'
import { joinToolName } from './tool-name.ts'

/** How long closing may take, in milliseconds. */
const closeTimeoutMs = 5_000

/** Options for {@link createOrchestrator}. */
export interface OrchestratorOptions {
  readonly servers: readonly ServerOptions[]
  /** Receives events as they happen. What it throws is ignored. */
  readonly onEvent?: OrchestratorListener | undefined
  /** Receives what happens to single servers beside the requests. What it throws is ignored. */
  readonly onServerEvent?: ServerEventListener | undefined
  /**
   * UTF-8 bytes that are kept of each gathered text; the rest is cut off and said to be.
   * An integer from 1 to 67108864.
   * @defaultValue 262144
   */
  readonly maxItemBytes?: number | undefined
  /**
   * Failures of one server in a row after which it is left alone for a while: 5 seconds at first,
   * twice as long each time a probe fails, a minute at most. An integer from 1 to 1000.
   * @defaultValue 5
   */
  readonly opensAfterFailures?: number | undefined
  /**
   * Servers that are connected to at the same time. An integer from 1 to 1000.
   * @defaultValue 16
   */
  readonly connectsAtOnce?: number | undefined
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined
  /**
   * Spreads the pauses between attempts to connect.
   * @defaultValue `Math.random`
   */
  readonly random?: (() => number) | undefined
}

/** What `callTool` and `listTools` take beside the call. */
interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/**
 * Creates an orchestrator, which uses several MCP servers as one.
 *
 * Nothing is connected yet. A server that is missing never takes the others down: it is named in
 * the outcome, with the stage, the kind and one sentence.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { createOrchestrator } from '@t2t/mcp-orchestrator'
 * import { http, stdio } from '@t2t/mcp-orchestrator/sdk'
 *
 * await using orchestrator = createOrchestrator({
 *   servers: [
 *     { name: 'metadata', priority: 1, connector: stdio({ command: 'metadata-server' }) },
 *     { name: 'sales', priority: 10, connector: http({ url: 'https://sales.example/mcp' }) },
 *   ],
 * })
 * const { items, failures } = await orchestrator.gather()
 * ```
 */
export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  const {
    servers,
    onEvent,
    onServerEvent,
    maxItemBytes = 262_144,
    opensAfterFailures = 5,
    connectsAtOnce = 16,
    clock = systemClock,
    random = Math.random,
  } = options
  checkInteger('maxItemBytes', maxItemBytes, 67_108_864)
  checkInteger('opensAfterFailures', opensAfterFailures, 1_000)
  checkInteger('connectsAtOnce', connectsAtOnce, 1_000)
  const connecting = createTurns(connectsAtOnce)

  const upstreams = checkServers(servers).map((info) =>
    createUpstream({
      ...info,
      clock,
      random,
      opensAfter: opensAfterFailures,
      connecting,
      onNotice: () => undefined,
      onCircuit: (state, openForMs = 0) => {
        const server = info.name
        if (state === 'open') emitOfServer({ type: 'circuit-opened', server, openForMs })
        else if (state === 'closed') emitOfServer({ type: 'circuit-closed', server })
        else emitOfServer({ type: 'circuit-half-opened', server })
      },
      onConnected: (durationMs) =>
        emit({ type: 'server-connected', server: info.name, durationMs }),
      onFailed: (failure) => emit({ type: 'server-failed', server: info.name, failure }),
    }),
  )
  let closing: Promise<void> | undefined

  function emit(event: OrchestratorEvent): void {
    try {
      onEvent?.(event)
    } catch {
      // A listener never changes an outcome.
    }
  }

  function emitOfServer(event: ServerEvent): void {
    try {
      onServerEvent?.(event)
    } catch {
      // A listener never changes an outcome.
    }
  }

  function checkUsable(signal: AbortSignal | undefined): void {
    if (closing !== undefined) throw new OrchestratorClosedError()
    signal?.throwIfAborted()
  }

  /** Asks all servers at the same time, each within its own deadline. */
  async function askAll<Value>(
    stage: Failure['stage'],
    signal: AbortSignal | undefined,
    ask: Question<Value>['ask'],
  ): Promise<readonly Reply<Value>[]> {
    checkUsable(signal)
    const question = { stage, signal, clock, isRepeatable: true, ask }
    return Promise.all(upstreams.map((upstream) => askServer(upstream, question)))
  }

  const connect: Orchestrator['connect'] = async ({ waitFor = 'all', signal } = {}) => {
    checkUsable(signal)
    return connectTo(upstreams, { waitFor, signal, clock })
  }

  async function gather({
    domains,
    servers: names,
    signal,
  }: GatherOptions = {}): Promise<Gathered> {
    checkUsable(signal)
    const known = new Set(upstreams.map(({ name }) => name))
    const unknown = names?.find((name) => !known.has(name))
    if (unknown !== undefined) {
      throw new OptionInvalidError(`servers must name servers that exist, got "${unknown}".`)
    }
    const asked = upstreams.filter(
      (upstream) =>
        (names === undefined || names.includes(upstream.name)) && serves(upstream, domains),
    )

    const started = clock.now()
    const answers = await Promise.all(
      asked.map((upstream) => gatherFrom(upstream, { clock, maxItemBytes, signal })),
    )
    const items = answers.flatMap((answer) => answer.items)
    const failures = answers.flatMap((answer) => answer.failures)
    emit({
      type: 'gather-finished',
      servers: asked.map(({ name }) => name),
      items: items.length,
      failures,
      durationMs: clock.now() - started,
    })
    const isComplete = failures.length === 0 && !items.some(({ isTruncated }) => isTruncated)
    return { items, failures, isComplete }
  }

  const listTools: Orchestrator['listTools'] = async ({ signal } = {}) => {
    const replies = await askAll('list', signal, (connection, own) => connection.listTools(own))
    return { tools: replies.flatMap(toolsOf), failures: failuresOf(replies) }
  }

  async function callTool(call: ToolCall, { signal }: CallOptions = {}): Promise<ToolOutcome> {
    checkUsable(signal)
    const { server, tool, input } = call
    const started = clock.now()
    const finish = (outcome: 'result' | 'tool-error' | 'failed' | 'aborted') =>
      emit({ type: 'tool-called', server, tool, outcome, durationMs: clock.now() - started })

    const upstream = upstreams.find(({ name }) => name === server)
    if (upstream === undefined) {
      finish('failed')
      const error = new ConnectionError('refused', 'There is no server of that name.')
      return { kind: 'failed', failure: failureOf({ server, stage: 'call' }, error) }
    }
    try {
      const reply = await askServer(upstream, {
        stage: 'call',
        isRepeatable: false,
        clock,
        signal,
        ask: (connection, own) => connection.callTool(tool, input, own),
      })
      if (reply.kind === 'failed') {
        finish('failed')
        return reply
      }
      finish(reply.value.isError ? 'tool-error' : 'result')
      return { kind: 'result', server, tool, ...reply.value }
    } catch (error) {
      finish('aborted')
      throw error
    }
  }

  async function closeAll(): Promise<void> {
    const patience = Promise.withResolvers<void>()
    using _timer = clock.after(closeTimeoutMs, () => patience.resolve())
    const closed = upstreams.map((upstream) => upstream.close().catch(() => undefined))
    await Promise.race([Promise.all(closed), patience.promise])
  }

  const close = () => (closing ??= closeAll())

  return {
    connect,
    gather,
    listTools,
    callTool,
    getStatus: () => ({ servers: upstreams.map((upstream) => upstream.status()) }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function serves(upstream: Upstream, domains: readonly string[] | undefined): boolean {
  if (domains === undefined || upstream.domains.length === 0) return true
  return upstream.domains.some((domain) => domains.includes(domain))
}

function failuresOf(replies: readonly Reply<unknown>[]): readonly Failure[] {
  return replies.flatMap((reply) => (reply.kind === 'failed' ? [reply.failure] : []))
}

function toolsOf(reply: Reply<readonly ToolInfo[]>): readonly ToolInfo[] {
  if (reply.kind === 'failed') return []
  return reply.value
    .toSorted((a, b) => compareText(a.name, b.name))
    .map((tool) => ({ ...tool, name: joinToolName(reply.upstream.name, tool.name) }))
}
