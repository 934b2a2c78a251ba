export { type BusinessMetadata, businessMimeType, readBusinessMetadata } from './server/business.ts'
export { catalogMimeType } from './server/catalog-resource.ts'
export {
  type DatabaseMcpHttpOptions,
  type DatabaseMcpHttpServer,
  serveDatabaseMcpOverHttp,
} from './server/http.ts'
export { createDatabaseMcpServer, type DatabaseMcpServerOptions } from './server/server.ts'
export { type DatabaseMcpStdioServer, serveDatabaseMcpOverStdio } from './server/stdio.ts'
