import type { Model, ModelReply } from '@t2t/llm-sql'
import { scriptedModel, type ScriptedReply } from '@t2t/llm-sql/testing'
import type { AgentTool, ToolSource } from '@t2t/llm-sql/tools'

/** A tool that counts its calls. */
export interface CountingTool extends AgentTool {
  readonly inputs: readonly Readonly<Record<string, unknown>>[]
}

/** Makes a tool that gives a text, or does what a function says. */
export function tool(
  name: string,
  gives: string | AgentTool['call'] = 'done',
  more: Partial<AgentTool> = {},
): CountingTool {
  const inputs: Readonly<Record<string, unknown>>[] = []
  return {
    name,
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
    inputs,
    ...more,
    call: async (input, signal) => {
      inputs.push(input)
      return typeof gives === 'string' ? { text: gives, isError: false } : gives(input, signal)
    },
  }
}

export function sourceOf(...tools: readonly AgentTool[]): ToolSource {
  return async () => ({ tools, missing: [] })
}

type Call = readonly [name: string, input?: Readonly<Record<string, unknown>> | undefined]

/** A reply that calls tools. */
export function calls(...wanted: readonly Call[]): ModelReply {
  return {
    text: '',
    finishReason: 'tool-calls',
    toolCalls: wanted.map(([name, input = {}], at) => ({ id: `c${at}`, name, input })),
  }
}

export function modelOf(
  ...script: readonly [ScriptedReply, ...ScriptedReply[]]
): ReturnType<typeof scriptedModel> {
  return scriptedModel(script)
}

/** The same model, whose every reply comes as a stream. */
export function streaming(model: Model): Model {
  return {
    ...model,
    complete: async (request, signal) => {
      for await (const part of model.stream?.(request, signal) ?? [])
        if (part.kind === 'end') return part.reply
      throw new Error('The model does not stream.')
    },
  }
}
