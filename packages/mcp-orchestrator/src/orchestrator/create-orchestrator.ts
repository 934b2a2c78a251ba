import { systemClock } from '@t2t/resilience'
import { ConnectionError } from '../errors/connection-error.ts'
import { OrchestratorClosedError } from '../errors/errors.ts'
import { GatherIncompleteError } from '../errors/missing-errors.ts'
import { gatherAll } from '../gather/gather.ts'
import { failureOf } from '../outcome/failure.ts'
import { createModeRule } from '../routing/mode.ts'
import { readUri } from '../routing/read-uri.ts'
import { select } from '../routing/select.ts'
import { callToolOf } from '../tools/call-tool.ts'
import { listToolsOf } from '../tools/list-tools.ts'
import type { RequestMeta } from '../upstream/connection.ts'
import { connectTo } from './connect.ts'
import type { OrchestratorEvent, ServerEvent } from './events.ts'
import type { Orchestrator } from './orchestrator.ts'
import type { OrchestratorOptions } from './orchestrator-options.ts'
import { checkInteger, longestMs } from './server-options.ts'
import { createSources } from './sources.ts'

/** How long closing may take, in milliseconds. */
const closeTimeoutMs = 5_000

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
  const { mode = 'multi', primary, onEvent, onServerEvent, clock = systemClock } = options
  const emit = (event: OrchestratorEvent): void => tell(onEvent, event)
  const emitOfServer = (event: ServerEvent): void => tell(onServerEvent, event)
  const meta = (): RequestMeta | undefined => orNothing(options.meta)
  const sources = createSources({ ...options, clock, meta, emit, emitOfServer })
  const upstreams = sources.map(({ upstream }) => upstream)
  const ruleOut = createModeRule(mode, primary, sources)
  let closing: Promise<void> | undefined

  function checkUsable(signal: AbortSignal | undefined): void {
    if (closing !== undefined) throw new OrchestratorClosedError()
    signal?.throwIfAborted()
  }

  const connect: Orchestrator['connect'] = async ({ waitFor = 'all', signal } = {}) => {
    checkUsable(signal)
    const { sources: wanted } = mode === 'single' ? ruleOut(sources) : { sources }
    return connectTo(
      wanted.map(({ upstream }) => upstream),
      { waitFor, signal, clock },
    )
  }

  const gather: Orchestrator['gather'] = async (gatherOptions = {}) => {
    const {
      domains,
      servers,
      uris,
      timeoutMs,
      maxBytes = Number.POSITIVE_INFINITY,
      strict = false,
      cacheMode = 'use',
      signal,
    } = gatherOptions
    checkUsable(signal)
    if (timeoutMs !== undefined) checkInteger('timeoutMs', timeoutMs, longestMs)
    const asked = ruleOut(select(sources, { domains, servers, capability: 'resources' }))
    const started = clock.now()
    const request = { uris, maxBytes, timeoutMs, mode: cacheMode, signal, clock }
    const found = await gatherAll(asked.sources, request)
    const failures = [...asked.failures, ...found.failures]
    const gathered = {
      ...found,
      failures,
      isComplete: found.isComplete && failures.length === 0,
      ...(asked.mode === undefined ? {} : { mode: asked.mode }),
    }
    for (const { server, others } of found.collisions ?? []) {
      emitOfServer({ type: 'uri-collided', server, others })
    }
    emit({
      type: 'gather-finished',
      servers: asked.sources.map(({ upstream }) => upstream.name),
      items: gathered.items.length,
      failures,
      durationMs: clock.now() - started,
    })
    if (strict && !gathered.isComplete) throw new GatherIncompleteError(gathered)
    return gathered
  }

  const read: Orchestrator['read'] = async ({ uri, server, cacheMode = 'use', signal }) => {
    checkUsable(signal)
    const asked = select(sources, { capability: 'resources' })
    const request = { uri, server, mode: cacheMode, signal, clock }
    const outcome = await readUri(server === undefined ? ruleOut(asked).sources : asked, request)
    if (outcome.kind === 'items' && outcome.collision !== undefined) {
      const { server: owner, others } = outcome.collision
      emitOfServer({ type: 'uri-collided', server: owner, others })
    }
    return outcome
  }

  const listTools: Orchestrator['listTools'] = async (listOptions = {}) => {
    const { domains, servers, cacheMode = 'use', signal } = listOptions
    checkUsable(signal)
    const asked = ruleOut(select(sources, { domains, servers, capability: 'tools' }))
    const { tools, failures } = await listToolsOf(asked.sources, { mode: cacheMode, signal, clock })
    return { tools, failures: [...asked.failures, ...failures] }
  }

  const callTool: Orchestrator['callTool'] = async (call, callOptions = {}) => {
    const { server, tool, input } = call
    const { signal, mayRepeat = false, onProgress } = callOptions
    checkUsable(signal)
    const started = clock.now()
    const finish = (outcome: 'result' | 'tool-error' | 'failed' | 'aborted') =>
      emit({ type: 'tool-called', server, tool, outcome, durationMs: clock.now() - started })

    const source = sources.find(({ upstream }) => upstream.name === server)
    if (source === undefined || !source.upstream.capabilities.includes('tools')) {
      finish('failed')
      const message =
        source === undefined
          ? 'There is no server of that name.'
          : 'The server is not used for tools.'
      const error = new ConnectionError('refused', message)
      return { kind: 'failed', failure: failureOf({ server, stage: 'call' }, error) }
    }
    try {
      const outcome = await callToolOf(source, {
        tool,
        input,
        mayRepeat,
        onProgress,
        meta: callOptions.meta === undefined ? meta() : { ...meta(), ...callOptions.meta },
        signal,
        clock,
      })
      if (outcome.kind === 'failed') finish('failed')
      else finish(outcome.isError ? 'tool-error' : 'result')
      return outcome
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
    read,
    listTools,
    callTool,
    getStatus: () => ({
      servers: sources.map((source) => ({
        ...source.upstream.status(),
        cache: source.statistics(),
      })),
    }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What describes a request never keeps it from being sent. */
function orNothing<Value>(give: (() => Value | undefined) | undefined): Value | undefined {
  try {
    return give?.()
  } catch {
    return undefined
  }
}

/** A listener never changes an outcome. */
function tell<Event>(listener: ((event: Event) => void) | undefined, event: Event): void {
  try {
    listener?.(event)
  } catch {
    // It was only told.
  }
}
