import { Sketch } from './sketch.ts'

/** Percentiles of what was observed lately. */
export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/**
 * Two sketches that take turns, so that percentiles cover the last one to two windows and memory
 * does not grow with time.
 */
export class SketchWindow {
  readonly #windowMs: number
  #current = new Sketch()
  #previous = new Sketch()
  #endsAt: number

  constructor(windowMs: number, now: number) {
    this.#windowMs = windowMs
    this.#endsAt = now + windowMs
  }

  record(value: number, now: number): void {
    if (now >= this.#endsAt) this.#turn(now)
    this.#current.record(value)
  }

  /** Gives the percentiles; absent when nothing was observed lately. */
  read(now: number): Percentiles | undefined {
    if (now >= this.#endsAt) this.#turn(now)
    const both = new Sketch()
    both.merge(this.#previous)
    both.merge(this.#current)
    const [p50, p95, p99] = [both.quantile(0.5), both.quantile(0.95), both.quantile(0.99)]
    if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined
    return { p50, p95, p99 }
  }

  #turn(now: number): void {
    const isLongAgo = now >= this.#endsAt + this.#windowMs
    const oldest = this.#previous
    oldest.clear()
    this.#previous = this.#current
    if (isLongAgo) this.#previous.clear()
    this.#current = oldest
    this.#endsAt = now + this.#windowMs
  }
}
