import type { Clock } from '@t2t/resilience'
import type { PreparedTool } from '../catalog/prepare-tool.ts'
import { startDeadline } from '../clock/deadline.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { askServer } from '../orchestrator/ask.ts'
import type { Failure, ToolOutcome } from '../outcome/outcome.ts'
import { plainLine } from '../outcome/plain-text.ts'
import type { Source } from '../routing/source.ts'
import type { RequestMeta, ToolProgress } from '../upstream/connection.ts'
import { ofOneRequest } from '../upstream/one-request.ts'
import { isAllowed, pinOf } from './list-tools.ts'

/** How a tool of a server is called. */
export interface CallRequest {
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
  /** Whether a call may be repeated when the tool says that this changes nothing. */
  readonly mayRepeat: boolean
  readonly meta: RequestMeta | undefined
  readonly onProgress: ((progress: ToolProgress) => void) | undefined
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
}

/** Calls a tool. Throws nothing but the reason of the caller's abort. */
export async function callToolOf(source: Source, request: CallRequest): Promise<ToolOutcome> {
  const { upstream } = source
  const { tool, input, signal, clock, onProgress, meta } = request
  const refuse = (message: string): ToolOutcome => ({
    kind: 'failed',
    failure: upstream.describe('call', new ConnectionError('refused', message)),
  })
  if (!isAllowed(upstream, tool)) return refuse('The tool is not allowed.')
  const pin = pinOf(upstream, tool)
  let known: PreparedTool | undefined
  if (pin !== undefined || request.mayRepeat) {
    const listed = await findTool(source, request)
    if (listed.failure !== undefined && pin !== undefined) {
      return { kind: 'failed', failure: listed.failure }
    }
    known = listed.tool
  }
  if (pin !== undefined && known?.fingerprint !== pin) {
    return refuse('The tool is not the one that was pinned.')
  }
  const isRepeatable =
    request.mayRepeat && (known?.isIdempotent === true || known?.isReadOnly === true)
  const reply = await askServer(upstream, {
    stage: 'call',
    isRepeatable,
    clock,
    signal,
    ask: (connection, own) =>
      connection.callTool(
        tool,
        input,
        own,
        ofOneRequest({
          onProgress: onProgress && ((progress) => onProgress(shortened(progress))),
          meta,
        }),
      ),
  })
  if (reply.kind === 'failed') return reply
  return { kind: 'result', server: upstream.name, tool, ...reply.value }
}

/** What a server says of its progress is one line for people. */
function shortened(progress: ToolProgress): ToolProgress {
  const { message } = progress
  return message === undefined ? progress : { ...progress, message: plainLine(message) }
}

async function findTool(
  { upstream, catalog }: Source,
  { tool, signal, clock }: CallRequest,
): Promise<{ readonly tool?: PreparedTool | undefined; readonly failure?: Failure }> {
  using deadline = startDeadline(upstream.timeoutMs, clock, signal)
  try {
    const reply = await catalog.tools({ mode: 'use', signal: deadline.signal })
    if (reply.kind === 'failed') return { failure: upstream.describe('list', reply.error) }
    return { tool: reply.cached.value.tools.find(({ name }) => name === tool) }
  } catch (error) {
    signal?.throwIfAborted()
    const late = error instanceof ConnectionError ? error : undefined
    const reason = late ?? new ConnectionError('timeout', 'There was no answer in time.')
    return { failure: upstream.describe('list', reason) }
  }
}
