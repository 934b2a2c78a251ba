import { OptionInvalidError } from '../errors/errors.ts'
import type { Source } from './source.ts'

/** Which servers a call is about. */
export interface Selection {
  readonly domains?: readonly string[] | undefined
  readonly servers?: readonly string[] | undefined
  readonly capability: 'resources' | 'tools'
}

/** @throws {@link OptionInvalidError} when a server is named that does not exist. */
export function select(
  sources: readonly Source[],
  { domains, servers, capability }: Selection,
): readonly Source[] {
  const unknown = servers?.find((name) => !sources.some(({ upstream }) => upstream.name === name))
  if (unknown !== undefined) {
    throw new OptionInvalidError(`servers must name servers that exist, got "${unknown}".`)
  }
  return sources.filter(
    ({ upstream }) =>
      upstream.capabilities.includes(capability) &&
      (servers === undefined || servers.includes(upstream.name)) &&
      (domains === undefined ||
        upstream.domains.length === 0 ||
        upstream.domains.some((domain) => domains.includes(domain))),
  )
}
