import { createHash } from 'node:crypto'
import { cleanText, cleanValue, hasLookalikes, isImitation } from '../outcome/clean-text.ts'
import { isUsableToolName } from './names.ts'
import type { ToolInfo } from '../upstream/connection.ts'

/** Characters of a description, of a tool or inside its schema, that are kept. */
const maxDescription = 4_096

/** Characters of a schema as JSON; a tool with a longer one is left out. */
const maxSchema = 65_536

/** Levels of a schema; a tool with a deeper one is left out. */
const maxDepth = 32

/** A tool as it may be handed on. */
export interface PreparedTool extends ToolInfo {
  /** SHA-256 of name, description and schemas as the server sent them. */
  readonly fingerprint: string
  /** Whether the name mixes scripts whose letters look alike. Absent when not. */
  readonly hasLookalikes?: boolean | undefined
}

/** Prepares a tool, or gives `undefined` when it is out of all bounds. */
export function prepareTool(tool: ToolInfo, isTrusted: boolean): PreparedTool | undefined {
  const { name, description, inputSchema, outputSchema } = tool
  if (!isUsableToolName(name) || isTooDeep([inputSchema, outputSchema])) return undefined
  const signature = JSON.stringify([name, description, sorted(inputSchema), sorted(outputSchema)])
  if (JSON.stringify([inputSchema, outputSchema]).length > maxSchema) return undefined
  const fingerprint = createHash('sha256').update(signature).digest('hex')
  if (isTrusted) return { ...tool, fingerprint }
  return {
    ...tool,
    ...(hasLookalikes(name) || isImitation(name) ? { hasLookalikes: true } : {}),
    ...(description === undefined
      ? {}
      : { description: cleanText(description).text.slice(0, maxDescription) }),
    inputSchema: cleanRecord(inputSchema),
    ...(outputSchema === undefined ? {} : { outputSchema: cleanRecord(outputSchema) }),
    fingerprint,
  }
}

function cleanRecord(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, cleanValue(value, maxDescription)]),
  )
}

/** Whether a value is nested deeper than anybody would write a schema. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= maxDepth; depth++) {
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    )
    if (level.length === 0) return false
  }
  return true
}

/** The same value with the keys of all objects in order, so that equal schemas are equal texts. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
