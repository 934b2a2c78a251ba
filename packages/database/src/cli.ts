#!/usr/bin/env node
import { isMissing } from './cli/engine-of.ts'

const tell = (line: string): void => void process.stderr.write(`${line}\n`)
try {
  const { runServer } = await import('./cli/run-server.ts')
  process.exitCode = await runServer(process.argv.slice(2), process.env, tell)
} catch (error) {
  if (!isMissing(error)) throw error
  const packages = '@t2t/mcp-orchestrator @modelcontextprotocol/server @modelcontextprotocol/node'
  tell(`t2t-database-mcp needs the packages of an MCP server: npm install ${packages}`)
  process.exitCode = 1
}
