import { createHash } from 'node:crypto'
import type { ToolCall } from '../orchestrator/orchestrator.ts'
import type { ToolOutcome } from '../outcome/outcome.ts'
import type { ToolInfo } from '../upstream/connection.ts'
import type { ListedTool } from './list-tools.ts'

/** A tool as OpenAI-compatible models take it. */
export interface FunctionTool {
  readonly type: 'function'
  readonly function: {
    /** At most 64 letters, digits, `_` and `-`. */
    readonly name: string
    readonly description?: string | undefined
    readonly parameters: Readonly<Record<string, unknown>>
  }
}

/** A call as OpenAI-compatible models write it. */
export interface FunctionCall {
  readonly id?: string | undefined
  readonly function: {
    readonly name: string
    /** JSON, as far as the model wrote it right. */
    readonly arguments: string
  }
}

/** What a model's call came to. */
export type ReadCall =
  | { readonly kind: 'call'; readonly call: ToolCall }
  /** The model named no tool, or wrote arguments that are no object. */
  | { readonly kind: 'invalid'; readonly message: string }

/** The answer to a call, as OpenAI-compatible models take it. */
export interface ToolMessage {
  readonly role: 'tool'
  readonly tool_call_id: string
  readonly content: string
}

/** Tools for a model, and the way back. */
export interface FunctionTools {
  readonly tools: readonly FunctionTool[]
  /** Reads a call of the model. What it cannot read is a value, to be told to the model. */
  readCall(call: FunctionCall): ReadCall
  /** Writes what the call came to as a message, cut to `maxLength` characters (65536). */
  toMessage(call: FunctionCall, outcome: ToolOutcome, maxLength?: number): ToolMessage
}

/** What such models accept as the name of a function. */
const accepted = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Converts tools to functions that OpenAI-compatible models can call.
 *
 * A name that such models do not accept is shortened and gets a suffix; `readCall` finds the tool
 * again.
 *
 * @example
 * ```ts
 * import type { Orchestrator } from '@t2t/mcp-orchestrator'
 * import { toFunctionTools, type FunctionCall } from '@t2t/mcp-orchestrator/tools'
 *
 * declare const orchestrator: Orchestrator
 * declare const fromModel: FunctionCall
 *
 * const functions = toFunctionTools((await orchestrator.listTools()).tools)
 * const read = functions.readCall(fromModel)
 * if (read.kind === 'call') {
 *   const outcome = await orchestrator.callTool(read.call)
 *   const message = functions.toMessage(fromModel, outcome)
 * }
 * ```
 */
export function toFunctionTools(tools: readonly ListedTool[]): FunctionTools {
  const byName = new Map<string, ListedTool>()
  for (const tool of tools) byName.set(freeName(tool.name, byName), tool)
  return {
    tools: [...byName].map(([name, { description, inputSchema }]) => ({
      type: 'function',
      function: {
        name,
        ...(description === undefined ? {} : { description }),
        parameters: inputSchema,
      },
    })),
    readCall: (call) => {
      const tool = byName.get(call.function.name)
      if (tool === undefined) return { kind: 'invalid', message: 'There is no tool of that name.' }
      const input = parseObject(call.function.arguments)
      if (input === undefined) {
        return { kind: 'invalid', message: 'The arguments must be a JSON object.' }
      }
      return { kind: 'call', call: { server: tool.server, tool: tool.tool, input } }
    },
    toMessage: ({ id = '' }, outcome, maxLength = 65_536) => ({
      role: 'tool',
      tool_call_id: id,
      content: contentOf(outcome).slice(0, maxLength),
    }),
  }
}

/** Converts a function that OpenAI-compatible models can call to a tool. */
export function fromFunctionTool({ function: { name, ...rest } }: FunctionTool): ToolInfo {
  return { name, description: rest.description, inputSchema: rest.parameters }
}

/** A name that models accept, and that no other tool has. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (accepted.test(name) && !taken.has(name)) return name
  const digest = createHash('sha256').update(name).digest('hex')
  const plain = name.replace(/[^A-Za-z0-9_-]/g, '_')
  for (let length = 8; ; length += 8) {
    const short = `${plain.slice(0, Math.max(0, 63 - length))}_${digest.slice(0, length)}`.slice(
      -64,
    )
    if (!taken.has(short)) return short
    if (length > digest.length) return freeName(`${name}'`, taken)
  }
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json.trim() === '' ? '{}' : json)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return Object.fromEntries(Object.entries(value))
  } catch {
    return undefined
  }
}

function contentOf(outcome: ToolOutcome): string {
  if (outcome.kind === 'failed') return `The tool did not answer: ${outcome.failure.message}`
  if (outcome.text !== '' || outcome.structured === undefined) return outcome.text
  try {
    return JSON.stringify(outcome.structured)
  } catch {
    return 'The tool answered with something that cannot be written down.'
  }
}
