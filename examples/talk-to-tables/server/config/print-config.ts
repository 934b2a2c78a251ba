import type { ServerConfig } from './schema.ts'

const secrets = new Set(['password', 'api_key', 'key', 'sha256', 'headers', 'env'])

/** The configuration as it is understood, with defaults filled in and secrets masked. */
export function printConfig(config: ServerConfig): string {
  const masked: unknown = JSON.parse(
    JSON.stringify(config, (key, value: unknown) => (secrets.has(key) ? maskOf(value) : value)),
    (key, value: unknown) => (typeof value === 'string' ? withoutUserInfo(key, value) : value),
  )
  return JSON.stringify(masked, undefined, 2)
}

function maskOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return '••••••'
  return Object.fromEntries(Object.keys(value).map((key) => [key, '••••••']))
}

/** Addresses may hold a password, or a secret among their parameters. */
function withoutUserInfo(key: string, value: string): string {
  if (!key.endsWith('url') || !URL.canParse(value)) return value
  const url = new URL(value)
  if (url.password !== '') url.password = '••••••'
  const names = Array.from(url.searchParams.keys())
  for (const name of names.filter((each) => /pass|secret|token|key/i.test(each)))
    url.searchParams.set(name, '••••••')
  return decodeURI(url.href)
}
