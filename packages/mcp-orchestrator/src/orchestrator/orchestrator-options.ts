import type { Clock } from '@t2t/resilience'
import type { CacheOptions } from '../cache/cache-options.ts'
import type { OrchestratorMode } from '../routing/mode.ts'
import type { OrchestratorListener, ServerEventListener } from './events.ts'
import type { RequestMeta } from '../upstream/connection.ts'
import type { ServerOptions } from './orchestrator.ts'

/** Options for {@link createOrchestrator}. */
export interface OrchestratorOptions {
  readonly servers: readonly ServerOptions[]
  /** @defaultValue 'multi' */
  readonly mode?: OrchestratorMode | undefined
  /** The server that the modes `single` and `auto` fall back on. */
  readonly primary?: string | undefined
  /** Receives events as they happen. What it throws is ignored. */
  readonly onEvent?: OrchestratorListener | undefined
  /**
   * Receives what happens to single servers beside the requests: several events for each call, and
   * more than there are calls. It stands apart so that who counts or logs calls is not told of every
   * answer from the cache. What it throws is ignored.
   */
  readonly onServerEvent?: ServerEventListener | undefined
  /**
   * Gives what a request tells its server as `_meta`, such as `traceparent`, `tracestate` and
   * `baggage`; over HTTP these three are headers too. Called once for each request, in the caller's
   * asynchronous context; of those who share an answer, in that of the first. What it throws is
   * ignored, and the request goes without.
   * @defaultValue nothing
   */
  readonly meta?: (() => RequestMeta | undefined) | undefined
  /**
   * How long what the servers answered is kept. What is kept belongs to this orchestrator and to
   * the credentials of its servers: make one orchestrator for each set of credentials.
   * @defaultValue 300 seconds, never longer than the server says
   */
  readonly cache?: CacheOptions | undefined
  /**
   * UTF-8 bytes that are kept of each gathered text; the rest is cut off and said to be.
   * An integer from 1 to 67108864.
   * @defaultValue 262144
   */
  readonly maxItemBytes?: number | undefined
  /**
   * Failures of one server in a row after which it is left alone for a while: 5 seconds at first,
   * twice as long each time a probe fails, a minute at most. An integer from 1 to 1000.
   * @defaultValue 5
   */
  readonly opensAfterFailures?: number | undefined
  /**
   * Servers that are connected to at the same time. An integer from 1 to 1000.
   * @defaultValue 16
   */
  readonly connectsAtOnce?: number | undefined
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined
  /**
   * Spreads the pauses between attempts to connect.
   * @defaultValue `Math.random`
   */
  readonly random?: (() => number) | undefined
}
