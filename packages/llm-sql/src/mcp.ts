export { catalogMimeType, mcpContext, metadataMimeType } from './mcp/mcp-context.ts'
export type { McpContextOptions } from './mcp/mcp-context.ts'
export { mcpRunner } from './mcp/mcp-runner.ts'
export type { McpRunnerOptions } from './mcp/mcp-runner.ts'
