import { readFile } from 'node:fs/promises'
import { ConfigInvalidError, type ConfigProblem } from '../errors/config-error.ts'
import type { ServerOptions } from '../orchestrator/orchestrator.ts'
import type { OrchestratorOptions } from '../orchestrator/orchestrator-options.ts'
import type { Connector } from '../upstream/connection.ts'
import { resolveEnvironment } from './environment.ts'
import { missingVariables, problemsOf, type Locate } from './problems.ts'
import { configSchema, type CheckedConfig, type CheckedServer } from './schema.ts'
import { parseYaml } from './yaml.ts'

/** Options for reading a configuration. */
export interface ConfigOptions {
  /**
   * Where `${NAME}` is looked up.
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /**
   * What the text is called in the message of an error, such as the name of its file.
   * @defaultValue 'The configuration'
   */
  readonly source?: string | undefined
}

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
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch {
    const message = 'cannot be read.'
    throw new ConfigInvalidError([{ path: '', message, code: 'unreadable' }], source)
  }
  return parseConfig(text, { ...options, source })
}

/**
 * Reads a configuration from a YAML text.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field with its place in the text.
 */
export async function parseConfig(text: string, options: ConfigOptions = {}): Promise<Config> {
  const { value, locate } = parseYaml(text, options.source)
  return build(check(value, locate, options))
}

/**
 * Reads a configuration from an object of the same form.
 *
 * @throws {@link ConfigInvalidError} that lists every bad field.
 */
export async function readConfig(value: unknown, options: ConfigOptions = {}): Promise<Config> {
  return build(check(value, () => undefined, options))
}

function check(
  value: unknown,
  locate: Locate,
  { env = process.env, source }: ConfigOptions,
): CheckedConfig {
  const resolved = resolveEnvironment(value, env)
  const checked = configSchema.safeParse(resolved.value, { reportInput: true })
  const missing = missingVariables(resolved.missing, locate)
  const unresolved = new Set(missing.map(({ path }) => path))
  const problems: ConfigProblem[] = [
    ...missing,
    // What is wrong with a text that could not be resolved is that it could not.
    ...problemsOf(checked.error?.issues ?? [], locate).filter(({ path }) => !unresolved.has(path)),
    ...(checked.success ? primaryProblems(checked.data, locate) : []),
  ]
  if (problems.length > 0 || !checked.success) {
    throw new ConfigInvalidError(problems.toSorted(inOrder), source)
  }
  return checked.data
}

function primaryProblems(
  { mcp_servers: servers, orchestration = {} }: CheckedConfig,
  locate: Locate,
): readonly ConfigProblem[] {
  const { mode = 'multi', primary } = orchestration
  if (mode === 'multi' || servers.some(({ name }) => name === primary)) return []
  const message = `must name one of the servers when mode is ${mode}.`
  const code = primary === undefined ? 'missing' : 'invalid'
  const path = ['orchestration', 'primary']
  return [{ path: path.join('.'), message, code, ...locate(path) }]
}

function inOrder(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
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

/** Loads only the adapter that is needed: the one for new servers is an optional dependency. */
async function connectorOf(server: CheckedServer): Promise<Connector> {
  if (server.transport === 'stdio') {
    const { command, args, env, cwd, protocol = 'legacy' } = server
    const options = { command, args, env, cwd }
    if (protocol === 'legacy') return (await import('../transport/sdk/stdio.ts')).stdio(options)
    return (await import('../transport/modern/stdio.ts')).stdio({ ...options, protocol })
  }
  const { url, headers, allow_plain_http: allowPlainHttp } = server
  const options = { url, headers, allowPlainHttp }
  if (server.transport === 'sse') return (await import('../transport/sdk/sse.ts')).sse(options)
  const { protocol = 'legacy' } = server
  if (protocol === 'legacy') return (await import('../transport/sdk/http.ts')).http(options)
  return (await import('../transport/modern/http.ts')).http({ ...options, protocol })
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined
    ? undefined
    : Math.max(seconds === 0 ? 0 : 1, Math.round(seconds * 1_000))
}
