import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { checkText, checkValue, ConfigInvalidError } from '@t2t/mcp-orchestrator/config'
import { furtherProblems } from './further.ts'
import { serverConfigSchema, type ServerConfig } from './schema.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads `config.yaml`. Files that it names are found beside it.
 *
 * @throws {@link ConfigInvalidError} that lists everything that is wrong, with path and line.
 */
export function readConfigFile(path: string, env: Environment = process.env): ServerConfig {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    const problem = { path: '', message: 'cannot be read.', code: 'unreadable' as const }
    throw new ConfigInvalidError([problem], path)
  }
  const read = checkText(text, serverConfigSchema, { env, source: path, further: furtherProblems })
  return withPaths(read, dirname(resolve(path)))
}

/** Checks a configuration that is made in code. */
export function checkConfig(value: unknown, env: Environment = process.env): ServerConfig {
  return checkValue(value, serverConfigSchema, { env, further: furtherProblems })
}

function withPaths(config: ServerConfig, folder: string): ServerConfig {
  const at = (path: string): string => resolve(folder, path)
  const { sessions, audit } = config
  return {
    ...config,
    databases: config.databases.map((database) => ({
      ...database,
      ...('path' in database && { path: at(database.path) }),
      ...(database.business_metadata !== undefined && {
        business_metadata: at(database.business_metadata),
      }),
    })),
    sessions: 'path' in sessions ? { ...sessions, path: at(sessions.path) } : sessions,
    ...(audit !== undefined && { audit: { ...audit, path: at(audit.path) } }),
  }
}
