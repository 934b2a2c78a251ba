import type { Clock } from '@t2t/resilience'
import { link, settleWith } from '../clock/deadline.ts'
import { ConnectionError, type ConnectionFailureKind } from '../errors/connection-error.ts'
import type {
  Connection,
  ConnectionNotice,
  Connector,
  RequestOptions,
  ResourceContent,
  ResourceInfo,
  ToolInfo,
  ToolResult,
} from '../upstream/connection.ts'

/** What a scripted server has and how long it takes. */
export interface Script {
  /** @defaultValue 'scripted' */
  readonly description?: string | undefined
  readonly resources?: readonly ScriptedResource[] | undefined
  readonly tools?: readonly ScriptedTool[] | undefined
  /**
   * Time that each answer takes, in milliseconds of `clock`.
   * @defaultValue 0
   */
  readonly delayMs?: number | undefined
  /** Needed when anything takes time; give the orchestrator's own. */
  readonly clock?: Clock | undefined
}

/** A resource of a scripted server; `name` is the URI unless it is given. */
export interface ScriptedResource extends Partial<ResourceInfo> {
  readonly uri: string
  readonly text?: string | undefined
  readonly blob?: string | undefined
  /** How long the server says that its content holds, in milliseconds. */
  readonly ttlMs?: number | undefined
}

/** A tool of a scripted server. */
export interface ScriptedTool extends Partial<ToolInfo> {
  readonly name: string
  /** Answers a call. It may wait; the call still ends when its signal aborts. */
  readonly answer: (
    input: Readonly<Record<string, unknown>>,
    options?: RequestOptions,
  ) => ToolResult | Promise<ToolResult>
}

type NoticeListener = (notice: ConnectionNotice) => void

/** What a server can be asked for. */
export type ScriptedStage = 'connect' | 'list' | 'read' | 'call'

/** One request that a scripted server got. */
export interface ScriptedRequest {
  readonly stage: ScriptedStage
  /** The URI that was read, or the tool that was called. */
  readonly target?: string | undefined
}

/** How a scripted server fails; `hang` gives no answer at all. */
export type ScriptedFault = ConnectionFailureKind | 'hang'

/** A connector to a server that does what a test says, and remembers what it was asked. */
export interface ScriptedConnector extends Connector {
  /** Everything that was asked, in order. */
  readonly requests: readonly ScriptedRequest[]
  /** Connections that were made and not closed. */
  readonly openConnections: number
  /** Fails the next `times` requests of a stage, without end unless `times` is given. */
  fail(stage: ScriptedStage, fault: ScriptedFault, times?: number): void
  /** Answers as the script says again. */
  heal(): void
  /** Ends all connections from the server's side, as when its process is killed. */
  disconnect(): void
  /** Tells all connections of a change, as servers do. */
  tell(notice: Exclude<ConnectionNotice, { readonly type: 'closed' }>): void
}

/**
 * Creates an in-memory server for tests of programs that use an orchestrator.
 *
 * @example
 * ```ts
 * import { createOrchestrator } from '@t2t/mcp-orchestrator'
 * import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
 *
 * const connector = scriptedConnector({ resources: [{ uri: 'notes://today', text: 'Rain.' }] })
 * const orchestrator = createOrchestrator({ servers: [{ name: 'notes', priority: 1, connector }] })
 *
 * connector.fail('read', 'refused', 1)
 * const { failures } = await orchestrator.gather()
 * ```
 */
export function scriptedConnector(script: Script = {}): ScriptedConnector {
  const { description = 'scripted', resources = [], tools = [], delayMs = 0, clock } = script
  const requests: ScriptedRequest[] = []
  const faults = new Map<ScriptedStage, { readonly fault: ScriptedFault; times: number }>()
  const connections = new Map<AbortController, NoticeListener>()

  async function answer<Value>(
    request: ScriptedRequest,
    signal: AbortSignal,
    give: () => Value | Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted()
    requests.push(request)
    if (clock !== undefined && delayMs > 0) await clock.sleep(delayMs, signal)
    const fault = nextFault(request.stage)
    return settleWith(signal, async () => {
      if (fault === 'hang') return Promise.withResolvers<never>().promise
      if (fault !== undefined) {
        throw new ConnectionError(fault, `The script says ${fault} to ${request.stage}.`)
      }
      return give()
    })
  }

  function nextFault(stage: ScriptedStage): ScriptedFault | undefined {
    const planned = faults.get(stage)
    if (planned === undefined) return undefined
    planned.times -= 1
    if (planned.times === 0) faults.delete(stage)
    return planned.fault
  }

  function open(onNotice: NoticeListener): Connection {
    const life = new AbortController()
    connections.set(life, onNotice)
    const ask = async <Value>(
      request: ScriptedRequest,
      signal: AbortSignal,
      give: () => Value | Promise<Value>,
    ): Promise<Value> => {
      if (life.signal.aborted) throw ended(true)
      const both = new AbortController()
      const unlinks = [link(signal, both), link(life.signal, both)]
      try {
        return await answer(request, both.signal, give)
      } finally {
        for (const unlink of unlinks) unlink()
      }
    }
    return {
      listResources: (signal) =>
        ask({ stage: 'list' }, signal, () =>
          resources.map(({ uri, name = uri, mimeType, description: about }) => ({
            uri,
            name,
            mimeType,
            description: about,
          })),
        ),
      readResource: (uri, signal, options) =>
        ask({ stage: 'read', target: uri }, signal, () => [contentOf(resources, uri, options)]),
      listTools: (signal) =>
        ask({ stage: 'list' }, signal, () =>
          tools.map(({ name, description: about, inputSchema, outputSchema, ...hints }) => ({
            name,
            description: about,
            inputSchema: inputSchema ?? { type: 'object' },
            outputSchema,
            isReadOnly: hints.isReadOnly,
            isIdempotent: hints.isIdempotent,
          })),
        ),
      callTool: (name, input, signal, options) =>
        ask({ stage: 'call', target: name }, signal, () => {
          const tool = tools.find((candidate) => candidate.name === name)
          if (tool === undefined) throw refused()
          return tool.answer(input, options)
        }),
      close: async () => {
        connections.delete(life)
        life.abort(ended(false))
      },
    }
  }

  return {
    description,
    requests,
    get openConnections() {
      return connections.size
    },
    connect: (signal, onNotice = () => undefined) =>
      answer({ stage: 'connect' }, signal, () => open(onNotice)),
    fail: (stage, fault, times = Number.POSITIVE_INFINITY) => {
      faults.set(stage, { fault, times })
    },
    heal: () => faults.clear(),
    disconnect: () => {
      const lost = [...connections]
      connections.clear()
      for (const [life, onNotice] of lost) {
        life.abort(ended(false))
        onNotice({ type: 'closed', error: ended(false) })
      }
    },
    tell: (notice) => {
      for (const onNotice of connections.values()) onNotice(notice)
    },
  }
}

function contentOf(
  resources: readonly ScriptedResource[],
  uri: string,
  options: RequestOptions | undefined,
): ResourceContent {
  const found = resources.find((resource) => resource.uri === uri)
  if (found === undefined) throw refused()
  if (found.ttlMs !== undefined) options?.onCacheHint?.({ ttlMs: found.ttlMs })
  return { uri, mimeType: found.mimeType, text: found.text, blob: found.blob }
}

function refused(): ConnectionError {
  return new ConnectionError('refused', 'The scripted server has nothing of that name.')
}

function ended(isSafeToRepeat: boolean): ConnectionError {
  return new ConnectionError('closed', 'The scripted server ended the connection.', {
    isSafeToRepeat,
  })
}
