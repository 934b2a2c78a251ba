import { createDatabases, type Databases } from '@t2t/database'
import { readBusinessMetadata, type DatabaseMcpServerOptions } from '@t2t/database/mcp'
import { mcpRunner } from '@t2t/llm-sql/mcp'
import {
  createOrchestrator,
  type Connector,
  type Orchestrator,
  type ServerOptions,
} from '@t2t/mcp-orchestrator'
import { readConfig } from '@t2t/mcp-orchestrator/config'
import {
  combinePolicies,
  createSqlGuard,
  definePolicy,
  type Dialect,
  type Policy,
} from '@t2t/sql-guard'
import type { Progress } from '../../terminal/progress.ts'
import type { Caller } from '../access/caller.ts'
import { databaseServerPrefix } from '../config/further.ts'
import type { DatabaseConfig, ServerConfig } from '../config/schema.ts'
import type { Engines } from '../parts/engines.ts'
import type { NamedGenerator } from '../parts/generator.ts'
import type { Observers } from '../parts/observers.ts'
import { createAssistants, type Assistants } from './assistants.ts'
import { databaseInMemory, databaseOverHttp, type DatabaseServer } from './database-server.ts'

export interface WorkspaceOptions {
  readonly config: ServerConfig
  readonly caller: Pick<Caller, 'role' | 'attributes'>
  readonly engines: Engines
  readonly observers: Observers
  readonly generator: NamedGenerator
  readonly progress: Progress
  /**
   * How servers of the configuration are reached instead, by their names.
   * @defaultValue as the configuration says
   */
  readonly connectors?: Readonly<Record<string, Connector>> | undefined
  /**
   * Whether the MCP servers of the databases listen on ports of loopback.
   * @defaultValue false: they are reached in memory
   */
  readonly overHttp?: boolean | undefined
}

/** The parts of a workspace, open. */
export interface WorkspaceParts {
  readonly policy: Policy
  readonly databases: Databases
  readonly business: DatabaseMcpServerOptions['business']
  readonly orchestrator: Orchestrator
  readonly assistants: ReadonlyMap<string, Assistants>
  readonly urls: readonly string[]
}

/** The priority of databases: what people wrote about their data wins over what a catalog says. */
const databasePriority = 999

/** Opens everything, and gives what is to be closed to the stack. */
export async function openParts(
  options: WorkspaceOptions,
  opened: AsyncDisposableStack,
): Promise<WorkspaceParts> {
  const { config, caller, observers, generator, progress } = options
  const policy = policyOf(config, caller.role)
  const wanted = databasesOf(config, caller.role)
  const business = await businessOf(wanted)
  const dialects = new Map<string, Dialect>()

  const databases = await progress.step(
    wanted.length === 1 ? (wanted[0]?.name ?? '') : 'databases',
    async () => {
      const all = await createDatabases()
      opened.defer(() => all.close())
      for (const one of wanted) {
        const { engine, dialect } = await options.engines.open(one)
        dialects.set(one.name, dialect)
        await all.add({
          name: one.name,
          engine,
          policy,
          attributes: caller.attributes,
          sampleValues: one.sample_values && {
            columns: one.sample_values.columns,
            maxValues: one.sample_values.max_values,
          },
          catalogMaxAgeMs: milliseconds(one.catalog_max_age),
          cache: one.cache && { ttlMs: one.cache.ttl * 1_000, maxBytes: one.cache.max_bytes },
          caps: {
            maxRows: policy.limits.maxRows,
            ...(one.timeout !== undefined && { timeoutMs: one.timeout * 1_000 }),
          },
          onEvent: observers.onDatabaseEvent,
          onGuardEvent: observers.onGuardEvent,
        })
      }
      return all
    },
    () => wanted.map((one) => (one.engine === 'demo' ? one.in : one.engine)).join(', '),
  )

  const servers = await progress.step(
    'database server',
    () => openServers(databases, business, options.overHttp === true, opened),
    (all) =>
      [...all.values()]
        .map(({ url }) => (url === undefined ? 'MCP in memory' : `MCP over HTTP at ${url}`))
        .join(', '),
  )
  const { orchestrator, others } = await openOrchestrator(options, servers, opened)
  const assistants = new Map(
    [...databases].map(({ name }) => [
      name,
      createAssistants(orchestrator, {
        primary: `${databaseServerPrefix}${name}`,
        others,
        guard: (catalog) =>
          createSqlGuard({
            dialect: must(dialects.get(name)),
            policy,
            catalog,
            attributes: caller.attributes,
            onEvent: observers.onGuardEvent,
          }),
        run: mcpRunner(orchestrator, {
          server: `${databaseServerPrefix}${name}`,
          database: name,
          maxRows: policy.limits.maxRows,
        }),
        generator: generator.generator,
        fallback: generator.fallback,
        timeoutMs: config.server.request_timeout * 1_000,
        summarizeWith: generator.model,
        verifyWith: dialects.get(name),
        onEvent: observers.assistant(name),
        around: (ask) => observers.traced(name, ask),
      }),
    ]),
  )
  const urls = [...servers.values()].flatMap(({ url }) => url ?? [])
  return { policy, databases, business, orchestrator, assistants, urls }
}

/** The policy of a role: all that it names hold. */
export function policyOf({ roles, policies }: ServerConfig, role: string): Policy {
  const names = roles[role]?.policies ?? []
  const [first, ...more] = names.map((name) => definePolicy({ ...policies[name], name }))
  // The check of the configuration saw to it that there is one.
  return combinePolicies(must(first), ...more)
}

/** The databases that a role may ask. */
export function databasesOf(
  { roles, databases }: ServerConfig,
  role: string,
): readonly DatabaseConfig[] {
  const named = roles[role]?.databases
  return named === undefined ? databases : databases.filter(({ name }) => named.includes(name))
}

async function businessOf(
  databases: readonly DatabaseConfig[],
): Promise<NonNullable<DatabaseMcpServerOptions['business']>> {
  const read = databases.map(async ({ name, business_metadata: path }) =>
    path === undefined ? [] : [[name, await readBusinessMetadata(path)] as const],
  )
  return Object.fromEntries((await Promise.all(read)).flat())
}

async function openServers(
  databases: Databases,
  business: DatabaseMcpServerOptions['business'],
  overHttp: boolean,
  opened: AsyncDisposableStack,
): Promise<ReadonlyMap<string, DatabaseServer>> {
  const servers = new Map<string, DatabaseServer>()
  for (const database of databases) {
    const about = business?.[database.name]
    const known = about === undefined ? undefined : { [database.name]: about }
    const server = overHttp
      ? await databaseOverHttp(database, known)
      : databaseInMemory(database, known)
    opened.defer(() => server.close())
    servers.set(database.name, server)
  }
  return servers
}

async function openOrchestrator(
  { config, observers, progress, connectors = {} }: WorkspaceOptions,
  servers: ReadonlyMap<string, DatabaseServer>,
  opened: AsyncDisposableStack,
): Promise<{ readonly orchestrator: Orchestrator; readonly others: readonly string[] }> {
  const { mcp_servers: configured = [], orchestration } = config
  const read =
    configured.length === 0
      ? undefined
      : await readConfig({ mcp_servers: configured, orchestration }, { env: {} })
  const others = (read?.options.servers ?? []).map((server): ServerOptions => ({
    ...server,
    connector: connectors[server.name] ?? server.connector,
  }))
  const orchestrator = createOrchestrator({
    ...read?.options,
    servers: [
      ...others,
      ...[...servers].map(([name, { connector }]): ServerOptions => ({
        name: `${databaseServerPrefix}${name}`,
        priority: databasePriority,
        connector,
      })),
    ],
    meta: () => observers.meta(),
    onEvent: observers.onOrchestratorEvent,
    onServerEvent: observers.onServerEvent,
  })
  opened.defer(() => orchestrator.close())
  await progress.step(
    'orchestrator',
    () => orchestrator.connect(),
    () =>
      orchestrator
        .getStatus()
        .servers.map(({ name, priority, state }) => `${name} (priority ${priority}) ${state}`)
        .join(', '),
  )
  return { orchestrator, others: others.map(({ name }) => name) }
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.max(1, Math.round(seconds * 1_000))
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('The configuration was not checked.')
  return value
}
