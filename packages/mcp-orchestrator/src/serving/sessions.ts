import { randomUUID } from 'node:crypto'
import {
  WebStandardStreamableHTTPServerTransport,
  isInitializeRequest,
  type McpServerFactory,
} from '@modelcontextprotocol/server'
import type { Clock } from '@t2t/resilience'
import { refusal } from './refusal.ts'

/** What sessions are made of. */
export interface SessionsOptions {
  readonly createServer: McpServerFactory
  readonly maxSessions: number
  readonly idleMs: number
  readonly clock: Clock
}

/** A request whose body was read. */
export interface ReadRequest {
  readonly request: Request
  /** The JSON of the body; `undefined` when there is none. */
  readonly body: unknown
  /** Resolves when the response is over, whoever ended it. */
  readonly over: Promise<void>
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport
  /** Requests and streams that are open. */
  open: number
  /** When the last one ended, in milliseconds of the clock. */
  idleSince: number
}

/**
 * The sessions of clients of the specifications up to 2025-11-25.
 *
 * There is a limit to them: a new one takes the place of the one that was idle for longest, and is
 * refused when none is. One that is idle for too long is closed.
 */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  #opening = 0
  #sweep: Disposable | undefined

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#sessions.size
  }

  async answer(read: ReadRequest): Promise<Response> {
    const id = read.request.headers.get('mcp-session-id')
    if (id === null) return this.#open(read)
    const session = this.#sessions.get(id)
    if (session === undefined) return refusal(404, 'There is no such session.')
    return this.#use(session, read)
  }

  async close(): Promise<void> {
    this.#sweep?.[Symbol.dispose]()
    this.#sweep = undefined
    const all = [...this.#sessions.values()]
    this.#sessions.clear()
    await Promise.all(all.map(({ transport }) => transport.close()))
  }

  async #open(read: ReadRequest): Promise<Response> {
    const { maxSessions } = this.#options
    const messages = Array.isArray(read.body) ? read.body : [read.body]
    if (!messages.some(isInitializeRequest)) {
      return refusal(400, 'A session begins with an initialize request.')
    }
    if (this.#sessions.size + this.#opening >= maxSessions && !(await this.#closeIdlest())) {
      return refusal(503, 'There are too many sessions.', { 'retry-after': '1' })
    }
    this.#opening += 1
    try {
      return await this.#begin(read)
    } finally {
      this.#opening -= 1
      this.#sweepLater()
    }
  }

  async #begin(read: ReadRequest): Promise<Response> {
    const { createServer, clock } = this.#options
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
    })
    const session: Session = { transport, open: 0, idleSince: clock.now() }
    const server = await createServer({ era: 'legacy', requestInfo: read.request })
    await server.connect(transport)
    // The server listens to the transport's end too.
    const onClose = transport.onclose
    transport.onclose = () => {
      const { sessionId } = transport
      if (sessionId !== undefined) this.#sessions.delete(sessionId)
      onClose?.()
    }
    const response = await this.#use(session, read)
    if (transport.sessionId === undefined) await transport.close()
    return response
  }

  #use(session: Session, { request, body, over }: ReadRequest): Promise<Response> {
    session.open += 1
    void over.then(() => {
      session.open -= 1
      session.idleSince = this.#options.clock.now()
    })
    return session.transport.handleRequest(request, body === undefined ? {} : { parsedBody: body })
  }

  async #closeIdlest(): Promise<boolean> {
    const idle = [...this.#sessions.values()].filter(({ open }) => open === 0)
    const [idlest] = idle.toSorted((a, b) => a.idleSince - b.idleSince)
    await idlest?.transport.close()
    return idlest !== undefined
  }

  /** One timer for all; a session ends between one and two times of being idle too long. */
  #sweepLater(): void {
    const { clock, idleMs } = this.#options
    if (this.#sweep !== undefined || this.#sessions.size === 0) return
    this.#sweep = clock.after(idleMs, () => {
      this.#sweep = undefined
      for (const { open, idleSince, transport } of this.#sessions.values()) {
        if (open === 0 && clock.now() - idleSince >= idleMs) void transport.close()
      }
      this.#sweepLater()
    })
  }
}
