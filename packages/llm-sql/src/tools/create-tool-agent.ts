import { systemClock, type Clock } from '@t2t/resilience'
import { startRun } from '../assistant/answer-run.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { Model } from '../model/model.ts'
import type { ToolSource } from './agent-tool.ts'
import type { ToolEvent, ToolListener } from './events.ts'
import { checkRules, type ToolRules } from './rules.ts'
import type { ToolAnswer, ToolTurn } from './tool-answer.ts'
import { useTools } from './use-tools.ts'

/** Options for {@link createToolAgent}. */
export interface ToolAgentOptions {
  /** A model whose capabilities say that it calls tools. */
  readonly model: Model
  /** Where tools come from; of two with the same name the first is offered. */
  readonly tools: readonly ToolSource[]
  /**
   * What holds for tools, whatever their servers say.
   * @defaultValue none: see {@link ToolRules} for what holds then
   */
  readonly rules?: ToolRules | undefined
  /**
   * What the agent is for, in your words; it comes first.
   * @defaultValue nothing
   */
  readonly instructions?: string | undefined
  /**
   * Replies with calls that are worked on. An integer from 1 up.
   * @defaultValue 8
   */
  readonly maxToolHops?: number | undefined
  /**
   * Calls of one reply that are made, all at the same time. An integer from 1 up.
   * @defaultValue 8
   */
  readonly maxCallsPerHop?: number | undefined
  /**
   * UTF-8 bytes of a result that the model is shown. An integer from 1 up.
   * @defaultValue 16384
   */
  readonly maxResultBytes?: number | undefined
  /**
   * Upper bound for a reply, in tokens. An integer from 1 up.
   * @defaultValue 2048
   */
  readonly maxOutputTokens?: number | undefined
  /**
   * Time for one call of a tool, in milliseconds. A number above 0.
   * @defaultValue 30000
   */
  readonly toolTimeoutMs?: number | undefined
  /**
   * Time for a question from asking to answer, in milliseconds; then everything that is under way is
   * ended. A number above 0.
   * @defaultValue 300000
   */
  readonly timeoutMs?: number | undefined
  /** Told about every event of every question. */
  readonly onEvent?: ToolListener | undefined
  /** @defaultValue the system's clock */
  readonly clock?: Clock | undefined
  /**
   * Gives the boundary around results, once for each question; it must not be guessable.
   * @defaultValue random
   */
  readonly createId?: (() => string) | undefined
}

/** Answers questions by calling tools. */
export interface ToolAgent {
  /** Starts to answer at once. Breaking out of the iteration does not end the run; the signal does. */
  ask(question: string, options?: AskToolsOptions): ToolRun
}

/** Options for {@link ToolAgent.ask}. */
export interface AskToolsOptions {
  /** Ends the run, the call of the model and every call of a tool. */
  readonly signal?: AbortSignal | undefined
  /**
   * What was asked and answered before, oldest first; see `toolTurnOf`. What an earlier answer was
   * tainted by taints this one from the start.
   * @defaultValue nothing
   */
  readonly earlier?: readonly ToolTurn[] | undefined
}

/** A question that is being answered: iterate it for progress, await `answer` for the end. */
export interface ToolRun extends AsyncIterable<ToolEvent> {
  /** Rejects only with the reason of the caller's signal. */
  readonly answer: Promise<ToolAnswer>
}

/**
 * Creates an agent: a language model that calls tools until it can answer.
 *
 * The calls of one reply are made at the same time. Whatever goes wrong with one (an unknown name,
 * arguments that are no JSON, a tool that fails or is late) is told to the model, and the others
 * are not affected. It ends after `maxToolHops`, or when two replies in a row bring nothing new.
 *
 * What a tool gives is text that nobody vouches for, unless a rule says otherwise. Once the model
 * has read such text, code and not the model decides what may still be called; see
 * {@link ToolRule.whenTainted}.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { mcpTools } from '@t2t/llm-sql/mcp'
 * import { openAiModel } from '@t2t/llm-sql/openai'
 * import { createToolAgent } from '@t2t/llm-sql/tools'
 * import type { Orchestrator } from '@t2t/mcp-orchestrator'
 *
 * declare const orchestrator: Orchestrator
 *
 * const agent = createToolAgent({
 *   model: openAiModel({ baseUrl: 'http://127.0.0.1:11434/v1', model: 'qwen3' }),
 *   tools: [mcpTools(orchestrator)],
 *   rules: { shop__query: { description: 'Runs a SELECT.' } },
 * })
 * const answer = await agent.ask('How many orders are open?').answer
 * ```
 */
export function createToolAgent(options: ToolAgentOptions): ToolAgent {
  const {
    model,
    tools,
    rules = {},
    instructions = '',
    maxToolHops = 8,
    maxCallsPerHop = 8,
    maxResultBytes = 16_384,
    maxOutputTokens = 2_048,
    toolTimeoutMs = 30_000,
    timeoutMs = 300_000,
    onEvent,
    clock = systemClock,
    createId = () => globalThis.crypto.randomUUID(),
  } = options
  if (model.capabilities?.tools !== true)
    throw new OptionInvalidError(`The model ${model.name} does not say that it can call tools.`)
  const counts = { maxToolHops, maxCallsPerHop, maxResultBytes, maxOutputTokens }
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 1)
      throw new OptionInvalidError(`${name} must be an integer from 1 up, got ${value}.`)
  }
  for (const [name, value] of Object.entries({ toolTimeoutMs, timeoutMs })) {
    if (!(value > 0))
      throw new OptionInvalidError(`${name} must be a number above 0, got ${value}.`)
  }
  checkRules(rules)
  const times = { toolTimeoutMs, timeoutMs, clock }
  const settings = { model, tools, rules, instructions, ...times, ...counts }
  const never = new AbortController().signal

  return {
    ask: (question, { signal = never, earlier = [] } = {}) =>
      startRun(
        (emit) => useTools(question, { ...settings, boundary: createId(), earlier, emit, signal }),
        onEvent,
      ),
  }
}
