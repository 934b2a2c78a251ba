import { McpServer, type ServerNotifier } from '@modelcontextprotocol/server'
import { serveHttp, type McpHttpServer } from '@t2t/mcp-orchestrator/server'
import { addContentTools } from './content.ts'
import { addInputTools, states } from './input.ts'
import { addAskingTools } from './legacy-input.ts'
import { addPrompts, addResources } from './listings.ts'

/** How long the suite may keep what it was given, in milliseconds. */
const ttlMs = 60_000

/** Serves what the official conformance suite asks a server for. */
export async function serveFixture(): Promise<McpHttpServer> {
  const served = await serveHttp(() => createFixture(served.notify))
  return served
}

function createFixture(notify: ServerNotifier): McpServer {
  const cacheHint = { ttlMs, cacheScope: 'private' as const }
  const server = new McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      capabilities: { logging: {}, resources: { subscribe: true } },
      requestState: { verify: (state, context) => states.verify(state, context) },
      cacheHints: {
        'tools/list': cacheHint,
        'prompts/list': cacheHint,
        'resources/list': cacheHint,
        'resources/templates/list': cacheHint,
        'resources/read': cacheHint,
      },
    },
  )
  addContentTools(server)
  addInputTools(server)
  addAskingTools(server)
  addResources(server)
  addPrompts(server)
  for (const [name, change] of [
    ['test_trigger_tool_change', () => notify.toolsChanged()],
    ['test_trigger_prompt_change', () => notify.promptsChanged()],
  ] as const) {
    server.registerTool(name, { description: 'Tells of a change.' }, () => {
      change()
      return { content: [{ type: 'text', text: 'Told.' }] }
    })
  }
  return server
}
