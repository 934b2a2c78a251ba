import type { ServerOptions } from '../orchestrator/orchestrator.ts'
import type { OrchestratorOptions } from '../orchestrator/orchestrator-options.ts'
import { checkText, checkValue, readText, type ConfigOptions, type FoundProblem } from './check.ts'
import { connectorOf, hasModernClient } from './connector-of.ts'
import { configSchema, type CheckedConfig, type CheckedServer } from './schema.ts'

/** A configuration that can work. Nothing is connected. */
export interface Config {
  /** For `createOrchestrator`; listeners are added by spreading it. */
  readonly options: OrchestratorOptions
  /** `log_level`; the orchestrator writes no log, its listeners may. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** `fail_fast`: every server is required, so that `connect` fails when one is missing. */
  readonly failFast: boolean
}

/**
 * Reads a configuration file in YAML, of which JSON is a part.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field with its place in the file.
 *
 * @example
 * ```ts
 * import { createOrchestrator } from '@t2t/mcp-orchestrator'
 * import { loadConfig } from '@t2t/mcp-orchestrator/config'
 *
 * const { options } = await loadConfig('servers.yaml')
 * await using orchestrator = createOrchestrator(options)
 * ```
 */
export async function loadConfig(path: string, options: ConfigOptions = {}): Promise<Config> {
  const source = options.source ?? path
  return parseConfig(await readText(path, source), { ...options, source })
}

/**
 * Reads a configuration from a YAML text.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field with its place in the text.
 */
export async function parseConfig(text: string, options: ConfigOptions = {}): Promise<Config> {
  return build(checkText(text, configSchema, { ...options, further: furtherProblems }))
}

/**
 * Reads a configuration from an object of the same form.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field.
 */
export async function readConfig(value: unknown, options: ConfigOptions = {}): Promise<Config> {
  return build(checkValue(value, configSchema, { ...options, further: furtherProblems }))
}

function furtherProblems(config: CheckedConfig): readonly FoundProblem[] {
  return [...clientProblems(config), ...primaryProblems(config)]
}

function clientProblems({ mcp_servers: servers }: CheckedConfig): readonly FoundProblem[] {
  return servers.flatMap((server, index): readonly FoundProblem[] => {
    const isModern = 'protocol' in server && (server.protocol ?? 'legacy') !== 'legacy'
    if (!isModern || hasModernClient()) return []
    const message = 'needs the package @modelcontextprotocol/client, which is not installed.'
    return [{ path: ['mcp_servers', index, 'protocol'], message, code: 'invalid' }]
  })
}

function primaryProblems({
  mcp_servers: servers,
  orchestration = {},
}: CheckedConfig): readonly FoundProblem[] {
  const { mode = 'multi', primary } = orchestration
  if (mode === 'multi' || servers.some(({ name }) => name === primary)) return []
  const message = `must name one of the servers when mode is ${mode}.`
  const code = primary === undefined ? 'missing' : 'invalid'
  return [{ path: ['orchestration', 'primary'], message, code }]
}

async function build({ mcp_servers: servers, orchestration = {} }: CheckedConfig): Promise<Config> {
  const { fail_fast: failFast = false, log_level: logLevel = 'info' } = orchestration
  return {
    options: {
      servers: await Promise.all(servers.map((server) => serverOf(server, failFast))),
      mode: orchestration.mode,
      primary: orchestration.primary,
      cache: {
        ttlMs: milliseconds(orchestration.resource_cache_ttl),
        staleIfErrorMs: milliseconds(orchestration.stale_if_error),
      },
      maxItemBytes: orchestration.max_item_bytes,
      opensAfterFailures: orchestration.opens_after_failures,
      connectsAtOnce: orchestration.connects_at_once,
    },
    logLevel,
    failFast,
  }
}

async function serverOf(server: CheckedServer, failFast: boolean): Promise<ServerOptions> {
  const { name, priority, domains, capabilities, trust, tools = {} } = server
  return {
    name,
    priority,
    connector: await connectorOf(server),
    domains,
    capabilities,
    trust,
    timeoutMs: milliseconds(server.timeout),
    isRequired: failFast || server.required === true,
    maxInFlight: server.max_in_flight,
    allowTools: tools.allow,
    blockTools: tools.block,
    toolPins: tools.pins,
  }
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined
    ? undefined
    : Math.max(seconds === 0 ? 0 : 1, Math.round(seconds * 1_000))
}
