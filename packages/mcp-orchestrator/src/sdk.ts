export { fromTransport, type FromTransportOptions } from './transport/from-transport.ts'
export { http, type HttpOptions } from './transport/http.ts'
export { stdio, type StdioOptions } from './transport/stdio.ts'
