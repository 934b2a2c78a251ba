import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import {
  CallToolResultSchema,
  ListResourcesResultSchema,
  ListToolsResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { RequestMeta } from '../../upstream/connection.ts'
import { withMeta } from '../session/meta.ts'
import type { Session, SessionRequestOptions } from '../session/session.ts'

/** The client of `@modelcontextprotocol/sdk`, connected. */
export class SdkSession implements Session {
  readonly hasResources: boolean
  readonly hasTools: boolean
  readonly subscribe: Session['subscribe']
  readonly #client: Client

  constructor(client: Client) {
    const { resources, tools } = client.getServerCapabilities() ?? {}
    this.#client = client
    this.hasResources = resources !== undefined
    this.hasTools = tools !== undefined
    this.subscribe =
      resources?.subscribe === true
        ? (uri) => void client.subscribeResource({ uri }).catch(() => undefined)
        : undefined
  }

  async listResources(
    cursor: string | undefined,
    options: SessionRequestOptions,
    meta?: RequestMeta,
  ) {
    const page = await this.#client.request(
      { method: 'resources/list', params: withMeta({ cursor }, meta) },
      ListResourcesResultSchema,
      options,
    )
    return { items: page.resources, nextCursor: page.nextCursor, ttlMs: page['ttlMs'] }
  }

  async readResource(uri: string, options: SessionRequestOptions, meta?: RequestMeta) {
    const read = await this.#client.request(
      { method: 'resources/read', params: withMeta({ uri }, meta) },
      ReadResourceResultSchema,
      options,
    )
    return { contents: read.contents, ttlMs: read['ttlMs'] }
  }

  async listTools(cursor: string | undefined, options: SessionRequestOptions, meta?: RequestMeta) {
    const page = await this.#client.request(
      { method: 'tools/list', params: withMeta({ cursor }, meta) },
      ListToolsResultSchema,
      options,
    )
    return { items: page.tools, nextCursor: page.nextCursor, ttlMs: page['ttlMs'] }
  }

  callTool(
    name: string,
    input: Readonly<Record<string, unknown>>,
    options: SessionRequestOptions,
    meta?: RequestMeta,
  ) {
    return this.#client.request(
      { method: 'tools/call', params: withMeta({ name, arguments: { ...input } }, meta) },
      CallToolResultSchema,
      options,
    )
  }
}
