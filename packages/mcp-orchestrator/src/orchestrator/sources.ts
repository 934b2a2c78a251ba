import { CacheSpace } from '../cache/cache-space.ts'
import type { CacheOptions } from '../cache/cache-options.ts'
import { createCatalog } from '../catalog/catalog.ts'
import { Turns } from '../clock/turns.ts'
import { Source } from '../routing/source.ts'
import type { RequestMeta } from '../upstream/connection.ts'
import { createUpstream } from '../upstream/upstream.ts'
import type { OrchestratorEvent, ServerEvent } from './events.ts'
import type { OrchestratorOptions } from './orchestrator-options.ts'
import { checkInteger, checkServers } from './server-options.ts'

/** What sources are made of: the options, with clock and random source filled in. */
export interface SourcesOptions extends OrchestratorOptions {
  readonly clock: NonNullable<OrchestratorOptions['clock']>
  readonly meta: () => RequestMeta | undefined
  readonly emit: (event: OrchestratorEvent) => void
  readonly emitOfServer: (event: ServerEvent) => void
}

/** Creates the connection and the memory of every server, in the order of priority and name. */
export function createSources(options: SourcesOptions): readonly Source[] {
  const {
    servers,
    cache = {},
    maxItemBytes = 262_144,
    opensAfterFailures = 5,
    connectsAtOnce = 16,
    clock,
    meta,
    random = Math.random,
    emit,
    emitOfServer,
  } = options
  checkInteger('maxItemBytes', maxItemBytes, 67_108_864)
  checkInteger('opensAfterFailures', opensAfterFailures, 1_000)
  checkInteger('connectsAtOnce', connectsAtOnce, 1_000)
  const { ttlMs, staleIfErrorMs, space } = checkCache(cache)
  const connecting = new Turns(connectsAtOnce)
  const parts = { clock, space, ttlMs, staleIfErrorMs, maxItemBytes, meta, emit: emitOfServer }

  return checkServers(servers).map((info) => {
    const server = info.name
    const upstream = createUpstream({
      info,
      clock,
      random,
      opensAfter: opensAfterFailures,
      connecting,
      onNotice: (notice) => source.catalog.noticed(notice),
      onCircuit: (state, openForMs = 0) => {
        if (state === 'open') emitOfServer({ type: 'circuit-opened', server, openForMs })
        else if (state === 'closed') emitOfServer({ type: 'circuit-closed', server })
        else emitOfServer({ type: 'circuit-half-opened', server })
      },
      onConnected: (durationMs) => emit({ type: 'server-connected', server, durationMs }),
      onFailed: (failure) => {
        // While it was away, nobody told of changes.
        source.expire()
        emit({ type: 'server-failed', server, failure })
      },
    })
    const source = new Source(upstream, () => createCatalog(upstream, parts))
    return source
  })
}

function checkCache(cache: CacheOptions) {
  const { ttlMs = 300_000, staleIfErrorMs = 0, maxEntries = 1_000, maxBytes = 67_108_864 } = cache
  checkInteger('cache.ttlMs', ttlMs, 3_600_000, 0)
  checkInteger('cache.staleIfErrorMs', staleIfErrorMs, 86_400_000, 0)
  checkInteger('cache.maxEntries', maxEntries, 1_000_000)
  checkInteger('cache.maxBytes', maxBytes, 1_073_741_824)
  return { ttlMs, staleIfErrorMs, space: new CacheSpace(maxEntries, maxBytes) }
}
