export { isLoopback } from './serving/loopback.ts'
export { serveHttp, type McpHttpServer, type ServeHttpOptions } from './serving/serve-http.ts'
export { serveStdio, type McpStdioServer, type ServeStdioOptions } from './serving/serve-stdio.ts'
