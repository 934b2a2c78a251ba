import type { Clock } from '@t2t/resilience'
import { startDeadline } from '../clock/deadline.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import type { Failure, GatheredItem } from '../outcome/outcome.ts'
import { cutToBytes } from '../outcome/plain-text.ts'
import type { ResourceContent } from '../upstream/connection.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { compareText } from './server-options.ts'

/** Reads of one server that are under way at the same time. */
const readsAtOnce = 8

/** What one server gave. */
export interface ServerAnswer {
  readonly items: readonly GatheredItem[]
  readonly failures: readonly Failure[]
}

/** How one server is read. */
export interface ReadOptions {
  readonly clock: Clock
  readonly maxItemBytes: number
  readonly signal?: AbortSignal | undefined
}

/** Lists and reads the resources of one server within its deadline; never throws but the abort. */
export async function gatherFrom(upstream: Upstream, options: ReadOptions): Promise<ServerAnswer> {
  using deadline = startDeadline(upstream.timeoutMs, options.clock, [options.signal])
  const { signal } = deadline
  const use = { signal, isRepeatable: true }

  const listed = await upstream.use((connection) => connection.listResources(signal), use)
  options.signal?.throwIfAborted()
  if (listed.kind === 'failed') {
    const stage = listed.stage === 'use' ? 'list' : 'connect'
    return { items: [], failures: [upstream.describe(stage, listed.error)] }
  }

  const items: GatheredItem[] = []
  const failures: Failure[] = []
  const uris = [...new Set(listed.value.map(({ uri }) => uri))].toSorted(compareText)
  const queue = uris.values()
  const readAll = async (): Promise<void> => {
    for (const uri of queue) {
      const read = await upstream.use((connection) => connection.readResource(uri, signal), use)
      if (options.signal?.aborted) return
      if (read.kind === 'failed') {
        const stage = read.stage === 'use' ? 'read' : 'connect'
        failures.push(upstream.describe(stage, read.error, uri))
      } else if (read.value.some(({ text }) => text === undefined)) {
        failures.push(upstream.describe('read', notText(), uri))
      }
      if (read.kind === 'done') {
        for (const content of read.value) items.push(...itemsOf(upstream, content, options))
      }
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readAll))
  options.signal?.throwIfAborted()

  return {
    items: items.toSorted((a, b) => compareText(a.uri, b.uri)),
    failures: failures.toSorted((a, b) => compareText(a.uri ?? '', b.uri ?? '')),
  }
}

function itemsOf(
  upstream: Upstream,
  content: ResourceContent,
  { clock, maxItemBytes }: ReadOptions,
): readonly GatheredItem[] {
  if (content.text === undefined) return []
  return [
    {
      server: upstream.name,
      priority: upstream.priority,
      uri: content.uri,
      ...(content.mimeType === undefined ? {} : { mimeType: content.mimeType }),
      ...cutToBytes(content.text, maxItemBytes),
      trust: upstream.trust,
      fetchedAt: clock.wallTime(),
    },
  ]
}

function notText(): ConnectionError {
  return new ConnectionError('invalid', 'The resource is not text.')
}
