import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Databases } from '@t2t/database'
import { createDatabaseMcpServer } from '@t2t/database/mcp'
import type { Orchestrator } from '@t2t/mcp-orchestrator'
import type { Policy } from '@t2t/sql-guard'
import { HttpProblem } from '../http/problem.ts'
import type { StartedQuestion, StartOptions } from './assistants.ts'
import { openParts, type WorkspaceOptions } from './open-parts.ts'

/** What one kind of caller works with: their databases behind their policy, and an assistant on each. */
export interface Workspace extends AsyncDisposable {
  readonly policy: Policy
  readonly databases: Databases
  readonly orchestrator: Orchestrator
  /** Where the MCP servers of the databases listen, if they do. */
  readonly urls: readonly string[]
  /**
   * Starts to answer one question.
   *
   * @throws {@link HttpProblem} when it cannot be told which database is meant.
   */
  start(question: string, options?: WorkspaceStartOptions): Promise<StartedQuestion>
  /** Answers a request of an MCP client. */
  mcp(request: Request): Promise<Response>
}

export interface WorkspaceStartOptions extends StartOptions {
  /** @defaultValue the only one, or the one that the words of the question mean */
  readonly database?: string | undefined
}

const maxMcpBodyBytes = 1_048_576

/** Opens the databases and connects to the servers. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  await using opening = new AsyncDisposableStack()
  const { policy, databases, orchestrator, assistants, urls, business } = await openParts(
    options,
    opening,
  )
  const mcp = createMcpHandler(() => createDatabaseMcpServer({ databases, business }), {
    maxRequestBodySize: maxMcpBodyBytes,
  })
  opening.defer(() => mcp.close())
  const owned = opening.move()

  return {
    policy,
    databases,
    orchestrator,
    urls,
    async start(question, { database, ...wanted } = {}) {
      const name = database ?? (await choose(databases, question))
      const assistant = assistants.get(name)
      if (assistant === undefined)
        throw new HttpProblem(404, 'database-unknown', 'There is no such database.')
      return { ...assistant.start(question, wanted), database: name }
    },
    mcp: (request) => mcp.fetch(request),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function choose(databases: Databases, question: string): Promise<string> {
  const names = [...databases].map(({ name }) => name)
  const [first = '', ...others] = names
  if (others.length === 0) return first
  const routing = await databases.route(question)
  if (routing.kind === 'one') return routing.database.name
  const candidates = routing.kind === 'several' ? routing.databases.map(({ name }) => name) : names
  throw new HttpProblem(
    409,
    'database-unclear',
    `Say which database is meant: ${candidates.join(', ')}.`,
    candidates.map((name) => ({ field: 'database', message: name, type: 'candidate' })),
  )
}
