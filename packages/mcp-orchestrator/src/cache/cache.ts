import type { Clock } from '@t2t/resilience'
import { SharedWork } from '../clock/shared-work.ts'
import { isPassing } from '../errors/connection-error.ts'
import type { CacheHint } from '../upstream/connection.ts'
import type { Use } from '../upstream/upstream.ts'
import { longestTtlMs, type CacheMode } from './cache-options.ts'
import type { CacheShare } from './cache-space.ts'

/** An answer, and when it was fetched. */
export interface Cached<Value> {
  readonly value: Value
  /** Milliseconds since the Unix epoch. */
  readonly fetchedAt: number
}

/** What asking came to; `stale` stands in for a request that failed with `error`. */
export type CacheReply<Value> =
  | { readonly kind: 'done'; readonly cached: Cached<Value> }
  | (Extract<Use<never>, { readonly kind: 'failed' }> & {
      readonly stale?: Cached<Value> | undefined
    })

/** What a cache is made of. */
export interface CacheParts<Value> {
  readonly clock: Clock
  /** The server's part of the room. */
  readonly space: CacheShare
  readonly ttlMs: number
  readonly staleIfErrorMs: number
  readonly sizeOf: (value: Value) => number
  readonly onUse: (outcome: 'hit' | 'miss' | 'stale' | 'bypass') => void
}

/** How an answer is fetched when it is not kept. */
export interface CacheRequest<Value> {
  readonly mode: CacheMode
  readonly signal: AbortSignal
  fetch(signal: AbortSignal, onCacheHint: (hint: CacheHint) => void): Promise<Use<Value>>
}

interface Entry<Value> extends Cached<Value> {
  readonly bytes: number
  expiresAt: number
  staleUntil: number
}

/**
 * Keeps the answers of one kind of one server. Who asks for the same at the same time shares one
 * request. Answers of one server are never given for another, nor outside this orchestrator.
 */
export class Cache<Value> {
  readonly #parts: CacheParts<Value>
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #running = new Map<string, SharedWork<Use<Cached<Value>>>>()
  #generation = 0
  #bytes = 0

  constructor(parts: CacheParts<Value>) {
    this.#parts = parts
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes }
  }

  /** What is kept and still holds. */
  peek(key: string): Cached<Value> | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && this.#parts.clock.now() < entry.expiresAt ? entry : undefined
  }

  async get(key: string, request: CacheRequest<Value>): Promise<CacheReply<Value>> {
    const { onUse, space } = this.#parts
    if (request.mode === 'bypass') {
      onUse('bypass')
      return replyOf(await this.#fetch(request.signal, request, () => undefined))
    }
    const kept = request.mode === 'use' ? this.peek(key) : undefined
    if (kept !== undefined) {
      space.touch(kept)
      onUse('hit')
      return { kind: 'done', cached: kept }
    }
    const used = await this.#share(key, request)
    if (used.kind === 'done') {
      onUse('miss')
      return replyOf(used)
    }
    const stale = this.#standIn(key, used.error.kind)
    onUse(stale === undefined ? 'miss' : 'stale')
    return { ...used, stale }
  }

  /** Ends the time of one answer, or of all; they are kept only to stand in for failures. */
  expire(key?: string): void {
    this.#generation += 1
    const staleUntil = this.#parts.clock.now() + this.#parts.staleIfErrorMs
    for (const [kept, entry] of this.#entries) {
      if (key !== undefined && kept !== key) continue
      entry.expiresAt = 0
      entry.staleUntil = Math.min(entry.staleUntil, staleUntil)
    }
  }

  #share(key: string, request: CacheRequest<Value>): Promise<Use<Cached<Value>>> {
    let work = this.#running.get(key)
    if (work === undefined) {
      work = new SharedWork(() => this.#running.delete(key))
      this.#running.set(key, work)
    }
    return work.join(request.signal, ({ signal }) => {
      const generation = this.#generation
      return this.#fetch(signal, request, (cached, ttlMs) => {
        if (generation === this.#generation) this.#keep(key, cached, ttlMs)
      })
    })
  }

  async #fetch(
    signal: AbortSignal,
    request: CacheRequest<Value>,
    onFetched: (cached: Cached<Value>, ttlMs: number) => void,
  ): Promise<Use<Cached<Value>>> {
    let ttlMs = this.#parts.ttlMs
    const used = await request.fetch(signal, (hint) => {
      if (this.#parts.ttlMs > 0) ttlMs = Math.min(hint.ttlMs, longestTtlMs)
    })
    if (used.kind === 'failed') return used
    const cached = { value: used.value, fetchedAt: this.#parts.clock.wallTime() }
    onFetched(cached, ttlMs)
    return { kind: 'done', value: cached }
  }

  #keep(key: string, cached: Cached<Value>, ttlMs: number): void {
    const { clock, space, staleIfErrorMs, sizeOf } = this.#parts
    this.#drop(key)
    if (ttlMs + staleIfErrorMs <= 0) return
    const expiresAt = clock.now() + ttlMs
    const bytes = sizeOf(cached.value)
    const entry = { ...cached, bytes, expiresAt, staleUntil: expiresAt + staleIfErrorMs }
    this.#entries.set(key, entry)
    this.#bytes += bytes
    space.add(entry, bytes, () => {
      if (this.#entries.get(key) === entry) this.#drop(key)
    })
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
    this.#parts.space.remove(entry)
  }

  /** An old answer for a request that failed; what the server refuses is not kept any longer. */
  #standIn(
    key: string,
    kind: Extract<Use<never>, { readonly kind: 'failed' }>['error']['kind'],
  ): Cached<Value> | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (isPassing(kind) && this.#parts.clock.now() < entry.staleUntil) return entry
    this.#drop(key)
    return undefined
  }
}

function replyOf<Value>(used: Use<Cached<Value>>): CacheReply<Value> {
  return used.kind === 'done' ? { kind: 'done', cached: used.value } : used
}
