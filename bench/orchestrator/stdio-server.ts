import { serveStdio } from '@t2t/mcp-orchestrator/server'
import { createBenchServer } from './servers.ts'

serveStdio(createBenchServer)
