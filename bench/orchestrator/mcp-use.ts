import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const version = '1.34.6'
const folder = join(homedir(), '.cache', 't2t-bench', `mcp-use-${version}`)
const entry = join(folder, 'node_modules', 'mcp-use', 'dist', 'src', 'client.js')

/** What is used of the client of mcp-use. */
export interface McpUseClient {
  createAllSessions(): Promise<Readonly<Record<string, McpUseSession>>>
  closeAllSessions(): Promise<void>
}

/** One of its servers. */
export interface McpUseSession {
  callTool(name: string, input: Readonly<Record<string, unknown>>): Promise<unknown>
  listResources(): Promise<{ readonly resources: readonly { readonly uri: string }[] }>
  readResource(uri: string): Promise<unknown>
}

/** How it reaches a server. */
export type McpUseServer =
  | { readonly url: string }
  | { readonly command: string; readonly args: readonly string[] }

/** Loads mcp-use, a client for several servers; installs it the first time: it is half a gigabyte. */
export async function loadMcpUse(): Promise<
  (servers: Readonly<Record<string, McpUseServer>>) => McpUseClient
> {
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true })
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
    await promisify(execFile)('npm', [...args, '--prefix', folder, `mcp-use@${version}`])
  }
  // It reports to its makers otherwise.
  process.env['MCP_USE_ANONYMIZED_TELEMETRY'] = 'false'
  const module: {
    readonly MCPClient: new (options: { readonly mcpServers: object }) => McpUseClient
  } = await import(pathToFileURL(entry).href)
  return (servers) => new module.MCPClient({ mcpServers: servers })
}
