import { timeout, type Clock } from '@t2t/resilience'
import type { ModelToolCall } from '../model/model.ts'
import { problemIn } from './check-input.ts'
import type { CallOutcome } from './events.ts'
import type { OfferedTool } from './offer.ts'
import { resultText } from './result-text.ts'
import { refusalOf, type RefusalReason, type Taint } from './taint.ts'

/** What calls are made with. */
export interface CallSettings {
  readonly offered: ReadonlyMap<string, OfferedTool>
  readonly taint: Taint
  readonly boundary: string
  readonly toolTimeoutMs: number
  readonly maxResultBytes: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** What a call came to. */
export interface CalledTool {
  readonly offered: OfferedTool | undefined
  readonly outcome: CallOutcome
  readonly reason?: RefusalReason | undefined
  /** What the model is told. */
  readonly content: string
  /** Whether `content` holds text that nobody vouches for. */
  readonly isUntrusted: boolean
  /** Whether `content` holds text that the tool gave. */
  readonly isRead: boolean
  readonly durationMs: number
  readonly bytes: number
  readonly isTruncated: boolean
}

/** Makes one call of a model; rejects only with the reason of the caller's signal. */
export async function callTool(
  { name, input }: ModelToolCall,
  settings: CallSettings,
): Promise<CalledTool> {
  const offered = settings.offered.get(name)
  if (offered === undefined) {
    const names = [...settings.offered.keys()].join(', ')
    return told('tool-unknown', `There is no tool of that name. There are: ${names}.`, undefined)
  }
  if (input === undefined)
    return told('input-invalid', 'The arguments must be one JSON object.', offered)
  const problem = problemIn(input, offered.offer.inputSchema)
  if (problem !== undefined) return told('input-invalid', problem, offered)
  const reason = refusalOf(offered, input, settings.taint)
  if (reason !== undefined) return { ...told('refused', refusals[reason], offered), reason }
  return made(offered, input, settings)
}

/** An outcome that no tool had a part in. */
export function told(
  outcome: CallOutcome,
  content: string,
  offered: OfferedTool | undefined,
): CalledTool {
  return {
    offered,
    outcome,
    content,
    isUntrusted: false,
    isRead: false,
    durationMs: 0,
    bytes: 0,
    isTruncated: false,
  }
}

const refusals: Readonly<Record<RefusalReason, string>> = {
  'tool-tainted':
    'The call was refused: this tool cannot be used after text from outside was read. Answer with what you have.',
  'calls-used-up':
    'The call was refused: no more such calls after text from outside was read. Answer with what you have.',
  'input-tainted':
    'The call was refused: after text from outside was read, the arguments may only hold words of the person. Answer with what you have.',
}

async function made(
  offered: OfferedTool,
  input: Readonly<Record<string, unknown>>,
  { boundary, toolTimeoutMs, maxResultBytes, clock, signal }: CallSettings,
): Promise<CalledTool> {
  const start = performance.now()
  const ended = (outcome: CallOutcome, content: string): CalledTool => ({
    ...told(outcome, content, offered),
    durationMs: performance.now() - start,
  })
  const inTime = timeout({ afterMs: toolTimeoutMs, clock })
  try {
    const reply = await inTime(({ signal: own }) => offered.tool.call(input, own))({ signal })
    const { text, bytes, isTruncated } = resultText(reply.text, boundary, maxResultBytes)
    const head = reply.isError ? 'The tool failed.\n' : ''
    return {
      ...ended(reply.isError ? 'tool-failed' : 'done', `${head}${text}`),
      isUntrusted: offered.rule.results === 'untrusted',
      isRead: true,
      bytes,
      isTruncated,
    }
  } catch (error) {
    signal.throwIfAborted()
    const isLate =
      error instanceof Error && 'code' in error && error.code === 'RESILIENCE_TIMED_OUT'
    return isLate
      ? ended('timed-out', 'The tool did not answer in time.')
      : ended('tool-failed', 'The tool could not be called.')
  }
}
