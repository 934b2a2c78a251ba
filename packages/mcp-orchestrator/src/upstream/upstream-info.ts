import type { Connector } from './connection.ts'

/** What is known about a server, with every option filled in. */
export interface UpstreamInfo {
  readonly name: string
  readonly connector: Connector
  readonly priority: number
  readonly domains: readonly string[]
  readonly timeoutMs: number
  readonly trust: 'trusted' | 'untrusted'
  readonly isRequired: boolean
  readonly maxInFlight: number
  readonly capabilities: readonly Capability[]
  readonly allowTools: readonly string[] | undefined
  readonly blockTools: readonly string[]
  readonly toolPins: Readonly<Record<string, string>>
}

/** What a server is used for. */
export type Capability = 'resources' | 'tools'

/**
 * How it stands with a server.
 *
 * - `idle`: it was not needed yet;
 * - `connecting`: an attempt is under way;
 * - `ready`: connected, and the last answer was one;
 * - `degraded`: the last attempt or request failed in a way that may pass; the next demand tries;
 * - `open`: it failed too often in a row and is left alone for a while;
 * - `half-open`: one request probes whether it is back;
 * - `auth-required`: it wants other credentials;
 * - `failed`: repeating does not help until something is changed, such as its command;
 * - `closed`: the orchestrator was closed.
 */
export type ServerState =
  | 'idle'
  | 'connecting'
  | 'ready'
  | 'degraded'
  | 'open'
  | 'half-open'
  | 'auth-required'
  | 'failed'
  | 'closed'

/** The state of one server's connection. */
export interface UpstreamStatus {
  readonly name: string
  readonly priority: number
  readonly isRequired: boolean
  readonly state: ServerState
  /** How the server is reached, without secrets. */
  readonly description: string
  /** Connections that were made so far. */
  readonly connects: number
  /** Requests that are under way. */
  readonly inFlight: number
  readonly circuit: 'closed' | 'open' | 'half-open'
  readonly lastError?: string | undefined
  /** Milliseconds since the Unix epoch. */
  readonly lastErrorAt?: number | undefined
  /** How long the next attempt to connect has to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}
