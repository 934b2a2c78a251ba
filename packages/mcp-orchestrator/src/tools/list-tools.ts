import type { Clock } from '@t2t/resilience'
import type { CacheMode } from '../cache/cache-options.ts'
import type { CacheReply } from '../cache/cache.ts'
import type { ToolList } from '../catalog/catalog.ts'
import type { PreparedTool } from '../catalog/prepare-tool.ts'
import { startDeadline } from '../clock/deadline.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { joinToolName } from '../orchestrator/tool-name.ts'
import { compareText } from '../orchestrator/server-options.ts'
import type { Failure } from '../outcome/outcome.ts'
import type { Source } from '../routing/source.ts'
import type { ToolInfo } from '../upstream/connection.ts'
import type { UpstreamInfo } from '../upstream/upstream-info.ts'

/** A tool of one of several servers. Untrusted text unless `trust` says otherwise. */
export interface ListedTool extends ToolInfo {
  /** `server__tool`. */
  readonly name: string
  readonly server: string
  /** The tool's name on its server. */
  readonly tool: string
  readonly trust: 'trusted' | 'untrusted'
  /** Whether the name mixes scripts whose letters look alike. Absent when not. */
  readonly hasLookalikes?: boolean | undefined
  /** SHA-256 of name, description and schemas as the server sent them; what `toolPins` takes. */
  readonly fingerprint: string
}

/** The tools of several servers, and by name what is missing. */
export interface ListedTools {
  /** In order of priority, server and tool. */
  readonly tools: readonly ListedTool[]
  readonly failures: readonly Failure[]
}

/** How tools are listed. */
export interface ListRequest {
  readonly mode: CacheMode
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
}

/** Lists the tools of these servers, which come in the order of priority and name. */
export async function listToolsOf(
  sources: readonly Source[],
  request: ListRequest,
): Promise<ListedTools> {
  const answers = await Promise.all(sources.map((source) => listOne(source, request)))
  request.signal?.throwIfAborted()
  return {
    tools: answers.flatMap(({ tools }) => tools),
    failures: answers.flatMap(({ failures }) => failures),
  }
}

/** Whether a tool of a server may be listed and called. */
export function isAllowed({ allowTools, blockTools }: UpstreamInfo, tool: string): boolean {
  return !blockTools.includes(tool) && (allowTools === undefined || allowTools.includes(tool))
}

/** The fingerprint that a tool must have, when it was pinned. */
export function pinOf({ toolPins }: UpstreamInfo, tool: string): string | undefined {
  return Object.hasOwn(toolPins, tool) ? toolPins[tool] : undefined
}

async function listOne(source: Source, { mode, signal, clock }: ListRequest): Promise<ListedTools> {
  const { upstream } = source
  using deadline = startDeadline(upstream.timeoutMs, clock, signal)
  const failures: Failure[] = []
  const fail = (stage: Failure['stage'], error: ConnectionError): void => {
    failures.push(upstream.describe(stage, error))
  }
  let reply: CacheReply<ToolList>
  try {
    reply = await source.catalog.tools({ mode, signal: deadline.signal })
  } catch (error) {
    const late = new ConnectionError('timeout', 'There was no answer in time.')
    fail(
      upstream.isConnected() ? 'list' : 'connect',
      error instanceof ConnectionError ? error : late,
    )
    return { tools: [], failures }
  }
  if (reply.kind === 'failed') fail(reply.stage === 'use' ? 'list' : 'connect', reply.error)
  const list = reply.kind === 'done' ? reply.cached.value : reply.stale?.value
  const { tools = [], leftOut = 0 } = list ?? {}
  if (leftOut > 0) {
    const message = `Tools that are listed twice, or whose name or schema is out of bounds, were left out: ${leftOut}.`
    fail('list', new ConnectionError('invalid', message))
  }
  const shown = tools.filter(({ name }) => isAllowed(upstream, name))
  for (const tool of shown) {
    const pin = pinOf(upstream, tool.name)
    if (pin !== undefined && pin !== tool.fingerprint) {
      const message = `The tool ${tool.name} is not the one that was pinned.`
      fail('list', new ConnectionError('refused', message))
    }
  }
  return { tools: listed(upstream, shown), failures }
}

function listed(upstream: UpstreamInfo, tools: readonly PreparedTool[]): readonly ListedTool[] {
  const { name: server, trust } = upstream
  return tools
    .filter(({ name, fingerprint }) => (pinOf(upstream, name) ?? fingerprint) === fingerprint)
    .toSorted((a, b) => compareText(a.name, b.name))
    .map((tool) => ({
      ...tool,
      name: joinToolName(server, tool.name),
      server,
      tool: tool.name,
      trust,
    }))
}
