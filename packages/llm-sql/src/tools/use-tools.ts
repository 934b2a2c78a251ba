import { timeout, type Clock } from '@t2t/resilience'
import { isTimedOut } from '../assistant/around-question.ts'
import { unlessAborted } from '../assistant/unless-aborted.ts'
import { isLlmSqlError } from '../errors/errors.ts'
import { modelErrorOf } from '../model/error-of.ts'
import type { Model, ModelReply, ModelToolCall } from '../model/model.ts'
import { hashOf } from '../receipt/hash.ts'
import type { ToolSource } from './agent-tool.ts'
import { callTool, told, type CalledTool, type CallSettings } from './call-tool.ts'
import type { ToolListener } from './events.ts'
import { offerTools, type OfferedTool } from './offer.ts'
import { firstMessages } from './instructions.ts'
import { withoutForeignAddresses } from './result-text.ts'
import type { ToolRules } from './rules.ts'
import { baseOf, createState, failed, taintOf, type RunState } from './run-state.ts'
import type { ToolAnswer, ToolTurn } from './tool-answer.ts'

/** What using tools for one question needs. */
export interface UseToolsOptions {
  readonly model: Model
  readonly tools: readonly ToolSource[]
  readonly rules: ToolRules
  readonly instructions: string
  readonly maxToolHops: number
  readonly maxCallsPerHop: number
  readonly maxResultBytes: number
  readonly maxOutputTokens: number
  readonly toolTimeoutMs: number
  readonly timeoutMs: number
  readonly clock: Clock
  readonly boundary: string
  readonly earlier: readonly ToolTurn[]
  readonly emit: ToolListener
  readonly signal: AbortSignal
}

/** Answers one question with tools; rejects only with the reason of the signal. */
export async function useTools(question: string, options: UseToolsOptions): Promise<ToolAnswer> {
  const { signal, earlier, timeoutMs, clock } = options
  signal.throwIfAborted()
  const start = performance.now()
  const state = createState(question, firstMessages(question, options), earlier)
  let isOver = false
  const emit: ToolListener = (event) => {
    if (!isOver) options.emit(event)
  }
  const inTime = timeout({ afterMs: timeoutMs, covers: 'total', clock })
  let answer: ToolAnswer
  try {
    const all = inTime(({ signal: own }) => work(state, { ...options, emit, signal: own }))
    answer = await unlessAborted(all({ signal }), signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!isTimedOut(error)) throw error
    answer = failed(state, 'timed-out', `There was no answer within ${timeoutMs} ms.`)
  }
  const { kind, hops } = answer
  emit({ type: 'question-answered', kind, hops, durationMs: performance.now() - start })
  isOver = true
  return answer
}

async function work(state: RunState, options: UseToolsOptions): Promise<ToolAnswer> {
  const { rules, maxToolHops, emit, signal } = options
  const { tools, missing } = await listAll(options)
  state.missing = missing
  const offered = offerTools(tools, rules)
  emit({ type: 'tools-listed', tools: offered.size, missing: missing.length })
  if (offered.size === 0) return failed(state, 'tools-missing', 'No tool could be listed.')

  let idleHops = 0
  for (let hop = 1; ; hop++) {
    let reply: ModelReply
    try {
      reply = await askModel(state, offered, options)
    } catch (error) {
      signal.throwIfAborted()
      return failed(state, 'model-failed', modelErrorOf(error).message)
    }
    const { text, finishReason, toolCalls = [] } = reply
    if (toolCalls.length === 0) {
      if (finishReason === 'refused') return { ...baseOf(state), kind: 'declined' }
      const shown = state.taintedBy.size === 0 ? text : withoutForeignAddresses(text, state.words)
      const isTruncated = finishReason === 'length'
      return { ...baseOf(state), kind: 'answered', text: shown, isTruncated }
    }
    if (hop > maxToolHops) {
      const message = `The model did not end after ${maxToolHops} hops.`
      return failed(state, 'hops-exhausted', message)
    }
    const outcomes = await makeCalls(hop, reply, state, offered, options)
    state.hops = hop
    idleHops = outcomes.some(({ outcome }) => moves.has(outcome)) ? 0 : idleHops + 1
    if (idleHops === 2)
      return failed(state, 'no-progress', 'The model repeats calls that cannot be made.')
  }
}

/** Outcomes after which a model knows more than before. */
const moves: ReadonlySet<CalledTool['outcome']> = new Set(['done', 'tool-failed', 'timed-out'])

async function listAll({
  tools,
  signal,
}: UseToolsOptions): Promise<Awaited<ReturnType<ToolSource>>> {
  const lists = await Promise.all(
    tools.map(async (source, at) => {
      try {
        return await source(signal)
      } catch {
        signal.throwIfAborted()
        const missing = [{ name: `tools ${at + 1}`, reason: 'The tools could not be listed.' }]
        return { tools: [], missing }
      }
    }),
  )
  return {
    tools: lists.flatMap((list) => list.tools),
    missing: lists.flatMap((list) => list.missing),
  }
}

/** Asks the model, and once in a run a second time when its reply cannot be used. */
async function askModel(
  state: RunState,
  offered: ReadonlyMap<string, OfferedTool>,
  options: UseToolsOptions,
): Promise<ModelReply> {
  const { model, maxOutputTokens, emit, signal } = options
  const tools = [...offered.values()].map(({ offer }) => offer)
  const start = performance.now()
  const report = (outcome: 'ok' | 'failed', usage?: ModelReply['usage']): void => {
    state.modelCalls += 1
    state.inputTokens += usage?.inputTokens ?? 0
    state.outputTokens += usage?.outputTokens ?? 0
    const durationMs = performance.now() - start
    emit({ type: 'model-called', model: model.name, outcome, durationMs, ...usage })
  }
  try {
    const request = { messages: [...state.messages], tools, maxOutputTokens, temperature: 0 }
    const reply = await model.complete(request, signal)
    report('ok', reply.usage)
    return reply
  } catch (error) {
    report('failed')
    signal.throwIfAborted()
    const isInvalid = isLlmSqlError(error) && error.code === 'LLM_SQL_MODEL_REPLY_INVALID'
    if (!isInvalid || !state.mayAskAgain) throw error
    state.mayAskAgain = false
  }
  const hint = 'Your last reply was empty or could not be read. Call a tool, or answer.'
  const last = state.messages.at(-1)
  if (last?.role === 'user')
    state.messages.splice(-1, 1, { ...last, content: `${last.content}\n${hint}` })
  else state.messages.push({ role: 'user', content: hint })
  return askModel(state, offered, options)
}

/** Calls of one reply that are written down at the most; of more than these nobody is told. */
const maxTold = 32

/** Makes the calls of one reply at the same time, and writes them and their results down. */
async function makeCalls(
  hop: number,
  { text, toolCalls = [] }: ModelReply,
  state: RunState,
  offered: ReadonlyMap<string, OfferedTool>,
  options: UseToolsOptions,
): Promise<readonly CalledTool[]> {
  const { maxCallsPerHop, emit } = options
  const wanted = withOwnIds(toolCalls.slice(0, Math.max(maxCallsPerHop, maxTold)))
  const taint = taintOf(state)
  const settings: CallSettings = { ...options, offered, taint }
  const outcomes = await Promise.all(
    wanted.map(async (call, at) => {
      const tool = offered.get(call.name)
      if (at >= maxCallsPerHop)
        return told('left-out', `Not called: ${maxCallsPerHop} calls at once are the most.`, tool)
      const key = hashOf([call.name, call.input])
      if (tool !== undefined && call.input !== undefined && state.made.has(key))
        return told('repeated', 'This call was made before; its result is above.', tool)
      state.made.add(key)
      return callTool(call, settings)
    }),
  )
  state.messages.push({ role: 'assistant', content: text, toolCalls: wanted })
  for (const [at, toolCall] of wanted.entries()) {
    const called = outcomes[at]
    if (called === undefined) continue
    state.messages.push({ role: 'tool', content: called.content, toolCall })
    const { outcome, reason, durationMs, bytes, isTruncated, isUntrusted } = called
    const tool = called.offered?.tool.name ?? toolCall.name.slice(0, 64)
    const origin = called.offered?.origin
    const why = reason === undefined ? {} : { reason }
    state.calls.push({ hop, tool, origin, outcome, ...why, durationMs })
    emit({ type: 'tool-called', hop, tool, outcome, ...why, durationMs, bytes, isTruncated })
    if (origin !== undefined && called.isRead) state.readFrom.add(origin)
    if (!isUntrusted || origin === undefined || state.taintedBy.has(origin)) continue
    state.taintedBy.add(origin)
    emit({ type: 'context-tainted', hop, origin })
  }
  return outcomes
}

/** Providers match results with calls by their ids; of two calls with one id the second gets another. */
function withOwnIds(calls: readonly ModelToolCall[]): readonly ModelToolCall[] {
  const seen = new Set<string>()
  return calls.map((call, at) => {
    const id = call.id === '' || seen.has(call.id) ? `call_${at + 1}_of_${calls.length}` : call.id
    seen.add(id)
    return id === call.id ? call : { ...call, id }
  })
}
