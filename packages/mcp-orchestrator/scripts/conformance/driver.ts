// A client for the conformance suite: an orchestrator with one server, whose address is the last argument.
import { createOrchestrator, type Connector } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { createProvider } from './provider.ts'

const url = process.argv.at(-1) ?? ''
const version = process.env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? '2025-11-25'
const { provider, takeCallback } = createProvider(process.env['MCP_CONFORMANCE_CONTEXT'])
const oauth = { provider, takeCallback }
// A person who leaves every field as it is.
const elicit = async () => ({ action: 'accept' as const, content: {} })
const connector: Connector =
  version >= '2026' ? modern.http({ url, oauth, elicit }) : legacy.http({ url, oauth, elicit })

const orchestrator = createOrchestrator({
  servers: [{ name: 'tested', priority: 1, connector, timeoutMs: 100_000 }],
})
const problems = (await orchestrator.connect()).map(({ message }) => message)
const { tools, failures } = await orchestrator.listTools()
problems.push(...failures.map(({ message }) => message))
for (const { server, tool, inputSchema } of tools) {
  const wanted = callsOf(tool)
  for (const input of wanted.length > 0 ? wanted : [exampleOf(inputSchema)]) {
    // Some servers of the suite refuse calls on purpose: what was sent is what the suite looks at.
    await orchestrator.callTool({ server, tool, input })
  }
}
await orchestrator.close()
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exitCode = 1
}

/** The inputs with which the suite wants a tool to be called. */
function callsOf(tool: string): readonly Record<string, unknown>[] {
  const context: unknown = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}')
  if (typeof context !== 'object' || context === null || !('toolCalls' in context)) return []
  if (!Array.isArray(context.toolCalls)) return []
  return context.toolCalls.flatMap((call: unknown) => {
    if (typeof call !== 'object' || call === null) return []
    if (!('name' in call) || call.name !== tool || !('arguments' in call)) return []
    return typeof call.arguments === 'object' && call.arguments !== null
      ? [Object.fromEntries(Object.entries(call.arguments))]
      : []
  })
}

/** Some input that a schema accepts. */
function exampleOf(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { properties } = schema
  if (typeof properties !== 'object' || properties === null) return {}
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, valueOf(value)]),
  )
}

function valueOf(schema: unknown): unknown {
  const type = typeof schema === 'object' && schema !== null && 'type' in schema ? schema.type : ''
  if (type === 'number' || type === 'integer') return 1
  if (type === 'boolean') return true
  if (type === 'array') return []
  return type === 'object' ? {} : 'text'
}
