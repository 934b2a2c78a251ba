import { createDatabase } from '@t2t/database'
import { serveDatabaseMcpOverHttp } from '@t2t/database/mcp'
import { mcpRunner } from '@t2t/llm-sql/mcp'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { http } from '@t2t/mcp-orchestrator/modern'
import { createHealth, createMeter, observeProcess } from '@t2t/metrics'
import { observeDatabase } from '@t2t/metrics/database'
import { observeLlmSql } from '@t2t/metrics/llm-sql'
import { observeMcpOrchestrator, observeMcpServers } from '@t2t/metrics/mcp-orchestrator'
import { prometheusText } from '@t2t/metrics/prometheus'
import { observeResilience } from '@t2t/metrics/resilience'
import { observeSqlGuard } from '@t2t/metrics/sql-guard'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import type { Progress } from '../terminal/progress.ts'
import type { Application } from './application.ts'
import { createAssistants } from './chat/assistants.ts'
import { converse, openSessions } from './chat/conversation.ts'
import { chooseGenerator } from './generator.ts'
import { metadataServer, mortalMetadataServer } from './metadata-server.ts'
import { openShop, type EngineName } from './shop.ts'

/** What the people who ask may read: everything but e-mail addresses. */
const policy = definePolicy({ name: 'analyst', columns: { block: ['customers.email'] } })

/** Columns whose values people say in questions: "customers from Vienna". */
const namedInQuestions = [
  'customers.city',
  'customers.country',
  'orders.status',
  'products.category',
  'products.name',
  'returns.reason',
  'stores.name',
]

export interface AssembleOptions {
  readonly engine: EngineName
  readonly progress: Progress
  /** Kills the metadata server after it connected, to show what an answer is without it. */
  readonly killMetadata: boolean
  /**
   * Names the model, if there is one.
   * @defaultValue the environment of the process
   */
  readonly environment?: NodeJS.ProcessEnv | undefined
}

/** Opens the shop, starts both MCP servers, connects the orchestrator, and puts the assistant on top. */
export async function assemble({
  engine,
  progress,
  killMetadata,
  environment = process.env,
}: AssembleOptions): Promise<Application> {
  await using parts = new AsyncDisposableStack()
  const meter = createMeter()
  observeProcess(meter)
  const onGuardEvent = observeSqlGuard(meter)

  const { shop, database } = await progress.step(
    'shop',
    async () => {
      const opened = await openShop(engine, new Date())
      parts.defer(() => opened.remove())
      const guarded = await createDatabase({
        name: 'shop',
        engine: opened.engine,
        policy,
        sampleValues: { columns: namedInQuestions, maxValues: 200 },
        onEvent: observeDatabase(meter),
        onGuardEvent,
      })
      parts.defer(() => guarded.close())
      return { shop: opened, database: guarded }
    },
    () => `${engine}, embedded, read-only`,
  )

  const served = await progress.step(
    'database server',
    () => serveDatabaseMcpOverHttp({ databases: [database] }),
    ({ url }) => `MCP over HTTP at ${url}`,
  )
  parts.defer(() => served.close())

  const mortal = killMetadata ? mortalMetadataServer() : undefined
  const orchestrator = createOrchestrator({
    servers: [
      { name: 'metadata', priority: 1, connector: mortal?.connector ?? metadataServer() },
      // The protocol of 2026-07-28 ends a query as soon as its caller is gone; older ones do not over HTTP.
      { name: 'database', priority: 10, connector: http({ url: served.url }) },
    ],
    onEvent: observeMcpOrchestrator(meter),
    onServerEvent: observeMcpServers(meter),
  })
  parts.defer(() => orchestrator.close())
  await progress.step(
    'orchestrator',
    () => orchestrator.connect(),
    () =>
      orchestrator
        .getStatus()
        .servers.map(({ name, priority, state }) => `${name} (priority ${priority}) ${state}`)
        .join(', '),
  )
  mortal?.kill()

  await progress.step(
    'gathering',
    () => orchestrator.gather(),
    ({ items, failures }) => {
      const missing = failures.map(({ server }) => server)
      return `${items.length} resources${missing.length > 0 ? `, missing: ${missing.join(', ')}` : ''}`
    },
  )

  const { name: generator, generator: drafts } = chooseGenerator(
    environment,
    observeResilience(meter),
  )
  const assistants = createAssistants(orchestrator, {
    primary: 'database',
    guard: (catalog) =>
      createSqlGuard({ dialect: shop.dialect, policy, catalog, onEvent: onGuardEvent }),
    run: mcpRunner(orchestrator, { server: 'database', database: 'shop' }),
    generator: drafts,
    verifyWith: shop.dialect,
    onEvent: observeLlmSql(meter, { database: 'shop' }),
  })
  const health = createHealth({
    checks: {
      database: { check: (signal) => database.ping({ signal }) },
      metadata: { critical: false, check: async () => serverState(orchestrator, 'metadata') },
    },
  })

  const sessions = parts.use(await openSessions())
  const terminal = await sessions.sessions.create({ owner: 'terminal', title: 'The demo' })
  const owned = parts.move()
  return {
    databaseUrl: served.url,
    databaseName: 'shop',
    generator,
    start: (question, options) => assistants.start(question, options),
    ask: (question, options) =>
      converse(sessions, terminal, question, () => assistants.start(question, options).run.answer),
    sessions,
    statistics: () => sessions.sessions.statistics(terminal),
    servers: () => orchestrator.getStatus().servers,
    health: () => health.report(),
    readiness: () => health.readiness(),
    drain: () => health.drain(),
    meter,
    metrics: () => prometheusText(meter),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function serverState(
  orchestrator: ReturnType<typeof createOrchestrator>,
  name: string,
): { readonly status: 'healthy' | 'unhealthy'; readonly reason?: string } {
  const server = orchestrator.getStatus().servers.find((candidate) => candidate.name === name)
  if (server?.state === 'ready') return { status: 'healthy' }
  return { status: 'unhealthy', reason: server?.lastError ?? 'The server is not connected.' }
}
