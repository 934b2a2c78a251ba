import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createBenchServer } from './servers.ts'

serveStdio(createBenchServer)
