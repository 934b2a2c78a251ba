import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { McpServer } from '@modelcontextprotocol/server'
import type { Connector } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { child, script } from '../fixtures/children.ts'
import { createFaultyMcpServer, type Misbehaviour } from '../fixtures/faulty-mcp-server.ts'
import { serve, serveStateful, serveStateless, type HttpServer } from '../fixtures/http-server.ts'
import { serveSse } from '../fixtures/sse-server.ts'

/** A running server, and how to reach it. */
export interface Reached extends AsyncDisposable {
  readonly connector: Connector
  /** Ends the server; gives how to start it again at the same place. */
  stop(): Promise<{ again(): Promise<AsyncDisposable> }>
}

/** One way to reach a server: an adapter, a transport, and a protocol. */
export interface Lane {
  readonly name: string
  readonly adapter: './sdk' | './modern'
  readonly protocol: 'legacy' | 'modern'
  readonly transport: 'memory' | 'stdio' | 'HTTP' | 'HTTP with sessions' | 'SSE'
  /** Starts a server that misbehaves. */
  reach(misbehaviour: Misbehaviour): Promise<Reached>
  /** Reaches something that accepts and never answers. */
  reachNothing(): Promise<Reached>
  /** Reaches whatever is at an address; absent where there are no addresses. */
  readonly at?: (url: string) => Connector
  /** Reaches a process; absent where there are none. */
  readonly program?: (code: string) => Connector
  readonly command?: (command: string) => Connector
}

type Adapter = Pick<Lane, 'adapter' | 'protocol'>
type Serve = (create: () => McpServer, port?: number) => Promise<HttpServer>

const noStop = async () => ({
  again: () => Promise.reject(new Error('There is nothing to start.')),
})

function memory({ adapter, protocol }: Adapter): Lane {
  const reach = (answer: (theirs: InMemoryTransport) => Promise<void>): Reached => {
    const create = async () => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      await answer(theirs)
      return ours
    }
    const connector =
      adapter === './sdk'
        ? legacy.fromTransport(create)
        : modern.fromTransport(create, { protocol: 'auto' })
    return { connector, stop: noStop, [Symbol.asyncDispose]: async () => undefined }
  }
  return {
    name: nameOf(adapter, protocol, 'memory'),
    adapter,
    protocol,
    transport: 'memory',
    reach: async (misbehaviour) => {
      const tally = { started: 0, cancelled: 0 }
      return reach((theirs) => createFaultyMcpServer({ ...misbehaviour, tally }).connect(theirs))
    },
    reachNothing: async () => reach((theirs) => theirs.start()),
  }
}

function stdio({ adapter, protocol }: Adapter): Lane {
  const connect = (options: legacy.StdioOptions): Connector =>
    adapter === './sdk' ? legacy.stdio(options) : modern.stdio({ ...options, protocol })
  const reached = (connector: Connector): Reached => ({
    connector,
    stop: noStop,
    [Symbol.asyncDispose]: async () => undefined,
  })
  return {
    name: nameOf(adapter, protocol, 'stdio'),
    adapter,
    protocol,
    transport: 'stdio',
    reach: async ({ isEndless, hugeLength }) => {
      const env = {
        ...(isEndless === true ? { ENDLESS: 'yes' } : {}),
        ...(hugeLength === undefined ? {} : { HUGE: String(hugeLength) }),
      }
      return reached(child('faulty-server.ts', { env, connect }))
    },
    reachNothing: async () => reached(script('setInterval(() => {}, 1e4)', { connect })),
    program: (code) => script(code, { connect }),
    command: (command) => connect({ command }),
  }
}

function web(
  { adapter, protocol }: Adapter,
  transport: 'HTTP' | 'HTTP with sessions' | 'SSE',
  start: Serve,
): Lane {
  const at = (url: string): Connector => {
    if (transport === 'SSE') return adapter === './sdk' ? legacy.sse({ url }) : modern.sse({ url })
    return adapter === './sdk' ? legacy.http({ url }) : modern.http({ url, protocol })
  }
  const reached = (
    server: HttpServer,
    restart: (port: number) => Promise<HttpServer>,
  ): Reached => ({
    connector: at(server.url),
    stop: async () => {
      await server[Symbol.asyncDispose]()
      return { again: () => restart(Number(new URL(server.url).port)) }
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  })
  return {
    name: nameOf(adapter, protocol, transport),
    adapter,
    protocol,
    transport,
    reach: async (misbehaviour) => {
      const tally = { started: 0, cancelled: 0 }
      const create = () => createFaultyMcpServer({ ...misbehaviour, tally })
      return reached(await start(create), (port) => start(create, port))
    },
    reachNothing: async () => {
      const hang = (port?: number) => serve(() => undefined, port)
      return reached(await hang(), hang)
    },
    at,
  }
}

function nameOf(adapter: string, protocol: string, transport: string): string {
  return `${adapter}, ${protocol} protocol, ${transport}`
}

const first: Adapter = { adapter: './sdk', protocol: 'legacy' }
const second: Adapter = { adapter: './modern', protocol: 'legacy' }
const third: Adapter = { adapter: './modern', protocol: 'modern' }

/** Every way there is. In memory and over SSE there is only the old protocol. */
export const lanes: readonly Lane[] = [
  ...[first, second].map(memory),
  ...[first, second, third].map(stdio),
  ...[first, second, third].map((adapter) => web(adapter, 'HTTP', serveStateless)),
  ...[first, second].map((adapter) => web(adapter, 'HTTP with sessions', serveStateful)),
  ...[first, second].map((adapter) => web(adapter, 'SSE', serveSse)),
]
