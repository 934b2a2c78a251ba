import { createHash } from 'node:crypto'
import type { ModelTool } from '../model/model.ts'
import type { AgentTool } from './agent-tool.ts'
import { ruleFor, type SettledRule, type ToolRules } from './rules.ts'

/** A tool as a model is offered it. */
export interface OfferedTool {
  readonly tool: AgentTool
  readonly rule: SettledRule
  /** Where its results come from. */
  readonly origin: string
  readonly offer: ModelTool
}

/** Tools by the name that a model calls them by. Of two with one name the first stays. */
export function offerTools(
  tools: readonly AgentTool[],
  rules: ToolRules,
): ReadonlyMap<string, OfferedTool> {
  const offered = new Map<string, OfferedTool>()
  for (const tool of tools) {
    const name = functionName(tool.name)
    if (offered.has(name)) continue
    const rule = ruleFor(tool, rules)
    const plain = isTree(tool.inputSchema) && tool.isTrusted === true
    const inputSchema = plain ? tool.inputSchema : withoutProse(tool.inputSchema)
    const { origin = tool.name } = tool
    const offer = {
      name,
      ...(rule.description === undefined ? {} : { description: rule.description }),
      inputSchema: objectSchema(inputSchema),
    }
    offered.set(name, { tool, rule, origin, offer })
  }
  return offered
}

/** What providers accept as the name of a function. */
const accepted = /^[A-Za-z0-9_-]{1,64}$/

/** A name that is not accepted is shortened and gets a suffix of its hash. */
function functionName(name: string): string {
  if (accepted.test(name)) return name
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 55)}_${suffix}`
}

/** Providers want an object with properties, also of a tool that takes nothing. */
function objectSchema(schema: AgentTool['inputSchema']): AgentTool['inputSchema'] {
  const { $schema: _dialect, ...rest } = schema
  return { properties: {}, ...rest, type: 'object' }
}

/** Keys of JSON Schema whose values are names and schemas, not prose. */
const kept: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  'additionalProperties',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
])
const maxDepth = 8
const plainName = /^[\w.-]{1,64}$/

/** Parts of a schema that are offered; of one that is larger or refers to itself the rest is left out. */
const maxParts = 2_000

/** Whether a schema is a tree of a size that can be sent. */
function isTree(schema: unknown, left = { parts: maxParts }, depth = 0): boolean {
  if (typeof schema !== 'object' || schema === null) return true
  left.parts -= 1
  if (left.parts < 0 || depth > 64) return false
  return Object.values(schema).every((one) => isTree(one, left, depth + 1))
}

/** Leaves of a schema its form alone: no description, no example, no text that is not one name. */
function withoutProse(
  schema: unknown,
  depth = 0,
  left = { parts: maxParts },
): Readonly<Record<string, unknown>> {
  left.parts -= 1
  if (typeof schema !== 'object' || schema === null || depth > maxDepth || left.parts < 0) return {}
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (!kept.has(key)) return []
      const plain = formOf(key, value, depth, left)
      return plain === undefined ? [] : [[key, plain]]
    }),
  )
}

function formOf(key: string, value: unknown, depth: number, left: { parts: number }): unknown {
  if (key === 'properties') {
    if (typeof value !== 'object' || value === null) return undefined
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => plainName.test(name))
        .map(([name, one]: [string, unknown]) => [name, withoutProse(one, depth + 1, left)]),
    )
  }
  if (key === 'anyOf' || key === 'oneOf' || key === 'allOf')
    return Array.isArray(value) ? value.map((one) => withoutProse(one, depth + 1, left)) : undefined
  if (Array.isArray(value)) return value.filter(isPlain)
  if (typeof value === 'object' && value !== null) return withoutProse(value, depth + 1, left)
  return isPlain(value) ? value : undefined
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string'
    ? plainName.test(value)
    : typeof value === 'number' || typeof value === 'boolean' || value === null
}
