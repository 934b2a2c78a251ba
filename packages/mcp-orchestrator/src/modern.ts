export {
  fromTransport,
  type FromTransportOptions,
} from './transport/modern/from-transport.ts'
export { http, type HttpOptions } from './transport/modern/http.ts'
export type { Protocol, ProtocolOption } from './transport/modern/protocol.ts'
export { sse, type SseOptions } from './transport/modern/sse.ts'
export { stdio, type ModernStdioOptions } from './transport/modern/stdio.ts'
export type { StdioOptions } from './transport/process/process-connector.ts'
export type { OAuthOptions } from './transport/web/web-connector.ts'
