export { observeMcpOrchestrator } from './observe/mcp-orchestrator.ts'
