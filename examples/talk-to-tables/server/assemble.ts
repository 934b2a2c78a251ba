import { createHealth, createMeter, observeProcess, type HealthOptions } from '@t2t/metrics'
import { prometheusText } from '@t2t/metrics/prometheus'
import type { Connector } from '@t2t/mcp-orchestrator'
import type { Progress } from '../terminal/progress.ts'
import { createAuthenticate } from './access/authenticate.ts'
import type { Caller } from './access/caller.ts'
import { createLimits } from './access/limits.ts'
import { createRights } from './access/rights.ts'
import { createAnswering } from './answering.ts'
import type { Application } from './application.ts'
import { openAuditLog } from './audit/audit-log.ts'
import { createResultShelf } from './chat/result-shelf.ts'
import type { ServerConfig } from './config/schema.ts'
import { observeSessions } from './parts/active-sessions.ts'
import { createEngines } from './parts/engines.ts'
import { createGenerator } from './parts/generator.ts'
import { observeAll } from './parts/observers.ts'
import { openSessions } from './parts/sessions.ts'
import { openShared } from './parts/shared.ts'
import { databasesOf } from './workspace/open-parts.ts'
import { openWorkspace } from './workspace/workspace.ts'
import { createWorkspaces, type Workspaces } from './workspace/workspaces.ts'

export interface AssembleOptions {
  readonly config: ServerConfig
  readonly progress: Progress
  /** How servers of the configuration are reached instead, by their names. */
  readonly connectors?: Readonly<Record<string, Connector>> | undefined
  /** Whether the MCP servers of the databases listen on ports of loopback. */
  readonly overHttp?: boolean | undefined
}

/** Workspaces of one configuration, and who may use them. */
interface InForce {
  readonly config: ServerConfig
  readonly authenticate: Application['authenticate']
  readonly limits: ReturnType<typeof createLimits>
  readonly rightsOf: Application['rightsOf']
  readonly workspaces: Workspaces
}

const maxOpenWorkspaces = 32
const quiet: Progress = { step: async (_, work) => work() }

/**
 * Opens everything that a configuration names: databases behind their policies, MCP servers, the
 * generator, sessions, limits and the audit log; and puts an assistant on top.
 */
export async function assemble(options: AssembleOptions): Promise<Application> {
  const { config: first } = options
  await using parts = new AsyncDisposableStack()
  const meter = createMeter()
  observeProcess(meter)
  const observers = observeAll(meter)
  const audit = first.audit === undefined ? undefined : await openAuditLog(first.audit)
  parts.defer(async () => audit?.close())
  const engines = parts.use(createEngines())
  const shared = openShared(first.redis)
  parts.defer(() => shared.close())
  const generator = createGenerator(first.model, observers.onResilienceEvent, shared)
  parts.defer(() => generator.close())
  const sessions = parts.use(await openSessions(first.sessions))
  parts.use(await observeSessions(meter, sessions))

  const bring = async (config: ServerConfig, progress: Progress): Promise<InForce> => {
    const open = (caller: Pick<Caller, 'role' | 'attributes'>) =>
      openWorkspace({
        ...options,
        config,
        caller,
        engines,
        observers,
        generator,
        progress: steps(),
      })
    // Steps are told of for the first one alone; the others open while somebody waits for them.
    let told = false
    const steps = (): Progress => {
      const chosen = told ? quiet : progress
      told = true
      return chosen
    }
    const workspaces = createWorkspaces({ open, maxOpen: maxOpenWorkspaces })
    try {
      for (const role of rolesToOpen(config)) {
        await workspaces.use(asRole(role), () => Promise.resolve())
      }
    } catch (error) {
      await workspaces[Symbol.asyncDispose]()
      throw error
    }
    const limits = createLimits(config, {
      store: shared.rateLimits,
      leases: shared.leases,
      onEvent: observers.onResilienceEvent,
    })
    const authenticate = createAuthenticate(config)
    return { config, authenticate, limits, rightsOf: createRights(config), workspaces }
  }

  let now = await bring(first, options.progress)
  parts.defer(() => now.workspaces[Symbol.asyncDispose]())
  const health = createHealth({ checks: checksOf(() => now) })
  const rightsOf = (caller: Caller): string => now.rightsOf(caller)
  const answering = createAnswering({ inForce: () => now, audit })
  const owned = parts.move()

  return {
    get config() {
      return now.config
    },
    generator: generator.name,
    model: generator.model,
    authenticate: (headers) => now.authenticate(headers),
    answer: answering.answer,
    executions: answering.executions,
    mcp: answering.mcp,
    databasesOf: ({ role }) => databasesOf(now.config, role).map(({ name }) => name),
    servers: (caller) =>
      now.workspaces.use(caller, async ({ orchestrator }) => orchestrator.getStatus().servers),
    workspaces: () => now.workspaces.open(),
    running: () => now.limits.running(),
    rightsOf,
    shelf: shared.shelf,
    results: createResultShelf({ shelf: shared.shelf, rightsOf }),
    sessions,
    async forget(owner, by) {
      const answers = await shared.shelf.clearAll(owner)
      const deleted = await sessions.upkeep.deleteOwner(owner)
      answering.forget(owner)
      await audit?.append({
        ...by,
        action: 'person-forgotten',
        outcome: 'deleted',
        details: { person: owner, sessions: deleted, answers },
      })
      return { sessions: deleted, answers }
    },
    audit: async (entry) => audit?.append(entry),
    health: () => health.report(),
    readiness: () => health.readiness(),
    drain: () => health.drain(),
    meter,
    metrics: () => prometheusText(meter),
    async reload(config) {
      const next = await bring(config, quiet)
      const before = now
      now = next
      await before.workspaces[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Roles whose policies name no attribute of a caller can be opened, and found wanting, at once. */
function rolesToOpen({ roles, policies }: ServerConfig): readonly string[] {
  return Object.entries(roles)
    .filter(([, role]) => {
      const text = JSON.stringify(role.policies.map((name) => policies[name]?.['rows'] ?? null))
      return !/:[A-Za-z_]/.test(text)
    })
    .map(([name]) => name)
}

function asRole(role: string): Caller {
  return { id: 'server', role, attributes: {}, isAdmin: false }
}

function checksOf(inForce: () => InForce): HealthOptions['checks'] {
  const { config } = inForce()
  return {
    ...Object.fromEntries(
      config.databases.map(({ name }) => [
        config.databases.length === 1 ? 'database' : `database-${name}`,
        {
          check: async (signal: AbortSignal) => {
            for (const { workspace } of inForce().workspaces.open()) {
              const database = workspace.databases.get(name)
              if (database !== undefined) return database.ping({ signal })
            }
          },
        },
      ]),
    ),
    ...Object.fromEntries(
      (config.mcp_servers ?? []).map(({ name }) => [
        name,
        { critical: false, check: async () => serverState(inForce(), name) },
      ]),
    ),
  }
}

function serverState(
  { workspaces }: InForce,
  name: string,
): { readonly status: 'healthy' | 'unhealthy'; readonly reason?: string } {
  const found = workspaces
    .open()
    .flatMap(({ workspace }) => workspace.orchestrator.getStatus().servers)
    .filter((server) => server.name === name)
  const ill = found.find(({ state }) => state !== 'ready')
  if (found.length > 0 && ill === undefined) return { status: 'healthy' }
  return { status: 'unhealthy', reason: ill?.lastError ?? 'The server is not connected.' }
}
