export { observeMcpOrchestrator, observeMcpServers } from './observe/mcp-orchestrator.ts'
