import { OptionInvalidError } from '../errors/errors.ts'
import type { Capability, UpstreamInfo } from '../upstream/upstream-info.ts'
import type { ServerOptions } from './orchestrator.ts'

/** Longest delay that a timer of the platform can hold. */
export const longestMs = 2_147_483_647

// No double underscore and none at the end: `server__tool` must be readable in one way only.
const namePattern = /^[A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*$/

// Defaults that all servers share.
const none: readonly string[] = []
const everything: readonly Capability[] = ['resources', 'tools']
const noPins: Readonly<Record<string, string>> = {}

/** Checks the servers, fills in defaults and puts them in the order of priority and name. */
export function checkServers(servers: readonly ServerOptions[]): readonly UpstreamInfo[] {
  const seen = new Set<string>()
  const checked = servers.map((server) => {
    const info = checkServer(server)
    if (seen.has(info.name)) {
      throw new OptionInvalidError(`servers must have unique names, got "${info.name}" twice.`)
    }
    seen.add(info.name)
    return info
  })
  return checked.toSorted((a, b) => a.priority - b.priority || compareText(a.name, b.name))
}

function checkServer(server: ServerOptions): UpstreamInfo {
  const {
    name,
    connector,
    priority,
    domains = none,
    timeoutMs = 10_000,
    trust = 'untrusted',
    isRequired = false,
    maxInFlight = 32,
    capabilities = everything,
    allowTools,
    blockTools = none,
    toolPins = noPins,
  } = server
  if (name.length > 64 || !namePattern.test(name)) {
    throw new OptionInvalidError(
      `name must be 1 to 64 letters, digits, "-" or single "_" between them, got "${name}".`,
    )
  }
  checkInteger(`priority of ${name}`, priority, 999)
  checkInteger(`timeoutMs of ${name}`, timeoutMs, longestMs)
  checkInteger(`maxInFlight of ${name}`, maxInFlight, 1_000)
  if (domains.some((domain) => domain.trim() === '')) {
    throw new OptionInvalidError(`domains of ${name} must not hold an empty text.`)
  }
  if (Object.values(toolPins).some((pin) => !/^[0-9a-f]{64}$/.test(pin))) {
    throw new OptionInvalidError(`toolPins of ${name} must hold fingerprints as listTools gives.`)
  }
  return {
    name,
    connector,
    priority,
    domains,
    timeoutMs,
    trust,
    isRequired,
    maxInFlight,
    capabilities,
    allowTools,
    blockTools,
    toolPins,
  }
}

/** @throws {@link OptionInvalidError} unless the value is an integer from `least` to `most`. */
export function checkInteger(option: string, value: number, most: number, least = 1): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new OptionInvalidError(
    `${option} must be an integer from ${least} to ${most}, got ${value}.`,
  )
}

/** Orders texts by their code units, so that every machine gives the same order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
