import { type FoundProblem } from '@t2t/mcp-orchestrator/config'
import { definePolicy, PolicyInvalidError } from '@t2t/sql-guard'
import { isLoopback } from './loopback.ts'
import type { ServerConfig } from './schema.ts'

type Path = FoundProblem['path']

/** What the schema cannot say: names that must exist, and what a network address needs. */
export function furtherProblems(config: ServerConfig): readonly FoundProblem[] {
  return [
    ...policyProblems(config),
    ...nameProblems(config),
    ...twiceProblems(config),
    ...networkProblems(config),
    ...databaseProblems(config),
  ]
}

function policyProblems({ policies }: ServerConfig): readonly FoundProblem[] {
  return Object.entries(policies).flatMap(([name, input]) => {
    try {
      definePolicy({ ...input, name })
      return []
    } catch (error) {
      if (!(error instanceof PolicyInvalidError)) throw error
      return error.problems.map(({ path, message }) =>
        invalid(['policies', name, ...path], message),
      )
    }
  })
}

function nameProblems(config: ServerConfig): readonly FoundProblem[] {
  const { auth, roles, policies, databases } = config
  const problems: FoundProblem[] = []
  const mustBe = (known: ReadonlySet<string>, what: string, name: string, path: Path): void => {
    if (!known.has(name)) problems.push(invalid(path, `must name one of the ${what}.`))
  }
  const roleNames = new Set(Object.keys(roles))
  const policyNames = new Set(Object.keys(policies))
  const databaseNames = new Set(databases.map(({ name }) => name))
  for (const [role, { policies: named, databases: used = [] }] of Object.entries(roles)) {
    for (const [at, policy] of named.entries())
      mustBe(policyNames, 'policies', policy, ['roles', role, 'policies', at])
    for (const [at, database] of used.entries())
      mustBe(databaseNames, 'databases', database, ['roles', role, 'databases', at])
  }
  for (const [at, key] of auth.api_keys.entries())
    mustBe(roleNames, 'roles', key.role, ['auth', 'api_keys', at, 'role'])
  for (const [claim, role] of Object.entries(auth.oidc?.roles ?? {}))
    mustBe(roleNames, 'roles', role, ['auth', 'oidc', 'roles', claim])
  if (auth.anonymous !== undefined)
    mustBe(roleNames, 'roles', auth.anonymous, ['auth', 'anonymous'])
  return problems
}

function twiceProblems({ auth, databases, mcp_servers = [] }: ServerConfig): FoundProblem[] {
  const twice = (items: readonly { readonly value: string; readonly path: Path }[]) => {
    const seen = new Set<string>()
    return items.flatMap(({ value, path }): FoundProblem[] => {
      if (seen.has(value)) return [{ path, message: 'is there twice.', code: 'duplicate' }]
      seen.add(value)
      return []
    })
  }
  const at = (list: Path, key: string) => (value: string, index: number) => ({
    value,
    path: [...list, index, key],
  })
  return [
    ...twice(databases.map(({ name }, index) => at(['databases'], 'name')(name, index))),
    ...twice(auth.api_keys.map(({ name }, i) => at(['auth', 'api_keys'], 'name')(name, i))),
    ...twice(auth.api_keys.map(({ sha256 }, i) => at(['auth', 'api_keys'], 'sha256')(sha256, i))),
    ...mcp_servers.flatMap(({ name }, index) =>
      name.startsWith(databaseServerPrefix)
        ? [invalid(['mcp_servers', index, 'name'], 'begins like the servers of databases.')]
        : [],
    ),
  ]
}

/** How the MCP server of a database is called beside those of the configuration. */
export const databaseServerPrefix = 'database-'

function networkProblems({ server, auth }: ServerConfig): readonly FoundProblem[] {
  const problems: FoundProblem[] = []
  const hasUsers = auth.api_keys.length > 0 || auth.oidc !== undefined
  if (!isLoopback(server.host)) {
    if (!hasUsers)
      problems.push(invalid(['auth'], 'must have api_keys or oidc when host is a network address.'))
    if (auth.anonymous !== undefined)
      problems.push(invalid(['auth', 'anonymous'], 'cannot be when host is a network address.'))
    if (server.allowed_hosts.length === 0)
      problems.push(
        missing(['server', 'allowed_hosts'], 'is needed when host is a network address.'),
      )
  } else if (!hasUsers && auth.anonymous === undefined) {
    problems.push(invalid(['auth'], 'must have anonymous, api_keys or oidc.'))
  }
  for (const key of ['issuer', 'jwks_url'] as const) {
    const url = auth.oidc?.[key]
    if (url === undefined) continue
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'https:' && !isLoopback(hostname))
      problems.push(invalid(['auth', 'oidc', key], 'must be an https: address.'))
  }
  return problems
}

function databaseProblems({ databases }: ServerConfig): readonly FoundProblem[] {
  return databases.flatMap((database, index): FoundProblem[] => {
    if (!('url' in database)) return []
    const path = ['databases', index, 'url']
    if (!URL.canParse(database.url)) return [invalid(path, 'must be an address.')]
    const { password } = new URL(database.url)
    return password === '' ? [] : [invalid(path, 'holds a password; that is a field of its own.')]
  })
}

function invalid(path: Path, message: string): FoundProblem {
  return { path, message, code: 'invalid' }
}

function missing(path: Path, message: string): FoundProblem {
  return { path, message, code: 'missing' }
}
