import type { Client, McpSubscription } from '@modelcontextprotocol/client'
import type { ConnectionNotice } from '../../upstream/connection.ts'

/** What a server is asked to tell of. */
interface Filter {
  readonly toolsListChanged?: true
  readonly resourcesListChanged?: true
  readonly resourceSubscriptions?: string[]
}

/**
 * Asks a server of the new protocol to tell of changes: of its lists, and of every resource that was
 * added. There is one stream at a time; the next one is opened before the last one is closed.
 */
export class Watch {
  readonly #client: Client
  readonly #onNotice: (notice: ConnectionNotice) => void
  readonly #uris = new Set<string>()
  #stream: McpSubscription | undefined
  /** The URIs of the stream. */
  #known = 0
  #opening: Promise<void> | undefined

  constructor(client: Client, onNotice: (notice: ConnectionNotice) => void) {
    this.#client = client
    this.#onNotice = onNotice
    this.keep()
  }

  /** Whether the server offers to tell when a resource changes. */
  get watchesResources(): boolean {
    return this.#client.getServerCapabilities()?.resources?.subscribe === true
  }

  add(uri: string): void {
    this.#uris.add(uri)
    this.keep()
  }

  /** Opens a stream when there is none, or when it does not have every URI. */
  keep(): void {
    const isCurrent = this.#stream !== undefined && this.#known === this.#uris.size
    if (isCurrent || this.#opening !== undefined) return
    const filter = this.#filter()
    if (Object.keys(filter).length === 0) return
    this.#opening = this.#open(filter).finally(() => {
      this.#opening = undefined
      if (this.#stream !== undefined) this.keep()
    })
  }

  #filter(): Filter {
    const { tools, resources } = this.#client.getServerCapabilities() ?? {}
    return {
      ...(tools?.listChanged === true ? { toolsListChanged: true } : {}),
      ...(resources?.listChanged === true ? { resourcesListChanged: true } : {}),
      ...(this.#uris.size > 0 ? { resourceSubscriptions: [...this.#uris] } : {}),
    }
  }

  async #open(filter: Filter): Promise<void> {
    const old = this.#stream
    this.#stream = undefined
    try {
      const stream = await this.#client.listen(filter)
      this.#stream = stream
      this.#known = filter.resourceSubscriptions?.length ?? 0
      void stream.closed.then((how) => this.#ended(stream, how))
    } catch {
      // A server that does not tell is no failure: what it said is forgotten in time.
    }
    await old?.close().catch(() => undefined)
  }

  #ended(stream: McpSubscription, how: 'local' | 'graceful' | 'remote'): void {
    if (how === 'local' || this.#stream !== stream) return
    this.#stream = undefined
    // Nobody tells of changes any more: what was told before may be old.
    this.#onNotice({ type: 'tools-changed' })
    this.#onNotice({ type: 'resources-changed' })
  }
}
