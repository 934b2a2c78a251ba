import type { Failure } from '../outcome/outcome.ts'

/** What an orchestrator tells its listener. Events hold no content, no input and no secrets. */
export type OrchestratorEvent =
  | {
      readonly type: 'server-connected'
      readonly server: string
      readonly durationMs: number
    }
  | {
      /** No connection could be made, or the one that there was is lost. */
      readonly type: 'server-failed'
      readonly server: string
      readonly failure: Failure
    }
  | {
      readonly type: 'gather-finished'
      /** The servers that were asked, in order of priority and name. */
      readonly servers: readonly string[]
      /** How many items arrived. */
      readonly items: number
      readonly failures: readonly Failure[]
      readonly durationMs: number
    }
  | {
      readonly type: 'tool-called'
      /** As the caller named it: a model may make up names without end. */
      readonly server: string
      /** As the caller named it. */
      readonly tool: string
      /**
       * `tool-error` is the tool's own failure; `failed` is the server's or the connection's;
       * `aborted` is the caller's wish and no failure.
       */
      readonly outcome: 'result' | 'tool-error' | 'failed' | 'aborted'
      readonly durationMs: number
    }

/** Receives events. What it throws is ignored. */
export type OrchestratorListener = (event: OrchestratorEvent) => void

/** What happens to one server beside the requests themselves. Events hold no content and no secrets. */
export type ServerEvent =
  | {
      /** The server failed too often in a row and is left alone for `openForMs`. */
      readonly type: 'circuit-opened'
      readonly server: string
      readonly openForMs: number
    }
  | {
      /** One request probes whether the server is back. */
      readonly type: 'circuit-half-opened'
      readonly server: string
    }
  | {
      /** The server answers again. */
      readonly type: 'circuit-closed'
      readonly server: string
    }
  | {
      /**
       * An answer of the server was needed: it was remembered (`hit`), fetched (`miss`, or
       * `bypass` without being remembered), or an old one stood in for a failure (`stale`).
       */
      readonly type: 'cache-used'
      readonly server: string
      readonly what: 'list' | 'read'
      readonly outcome: 'hit' | 'miss' | 'stale' | 'bypass'
    }
  | {
      /** The server told that something has changed; what was remembered of it is not used. */
      readonly type: 'catalog-changed'
      readonly server: string
      readonly what: 'tools' | 'resources' | 'resource'
    }
  | {
      /** A tool is listed with another description or schema than before. */
      readonly type: 'tool-changed'
      readonly server: string
      readonly tool: string
      readonly fingerprint: string
    }
  | {
      /** Two servers list the same URI; `server` is the one that is read. */
      readonly type: 'uri-collided'
      readonly server: string
      readonly others: readonly string[]
    }

/** Receives events of servers. What it throws is ignored. */
export type ServerEventListener = (event: ServerEvent) => void
