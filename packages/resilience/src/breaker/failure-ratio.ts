import type { Clock } from '../clock/clock.ts'
import { checkCount, checkPositive, checkRatio } from '../errors/check.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { OpeningRule, OutcomeWindow } from './outcome-window.ts'

/** Options for {@link failureRatio}. Give exactly one of `overMs` and `overCalls`. */
export interface FailureRatioOptions {
  /**
   * Share of failures among finished calls at which the circuit opens. Above 0, at most 1.
   * @defaultValue 0.5
   */
  readonly ratio?: number | undefined
  /**
   * Finished calls that the window must hold before it decides anything. An integer from 1 up.
   * @defaultValue 10
   */
  readonly minCalls?: number | undefined
  /** Looks at the calls that finished in this time, in milliseconds. */
  readonly overMs?: number | undefined
  /** Looks at this many calls that finished last. An integer, at least `minCalls`. */
  readonly overCalls?: number | undefined
}

/**
 * Opens a circuit when the share of failures among the latest finished calls is too high. Calls
 * under way count for nothing.
 *
 * @throws {@link OptionInvalidError} when an option cannot work.
 */
export function failureRatio(options: FailureRatioOptions): OpeningRule {
  const { ratio = 0.5, minCalls = 10, overMs, overCalls } = options
  checkRatio('ratio', ratio)
  checkCount('minCalls', minCalls)
  if (overCalls !== undefined && overMs === undefined) {
    checkCount('overCalls', overCalls, minCalls)
    return () => new CountWindow(ratio, minCalls, overCalls)
  }
  if (overMs !== undefined && overCalls === undefined) {
    checkPositive('overMs', overMs)
    return (clock) => new TimeWindow(ratio, minCalls, overMs, clock)
  }
  throw new OptionInvalidError('failureRatio needs exactly one of overMs and overCalls.')
}

class CountWindow implements OutcomeWindow {
  readonly #ratio: number
  readonly #minCalls: number
  readonly #ring: Uint8Array
  #next = 0
  #calls = 0
  #failures = 0

  constructor(ratio: number, minCalls: number, overCalls: number) {
    this.#ratio = ratio
    this.#minCalls = minCalls
    this.#ring = new Uint8Array(overCalls)
  }

  note(isFailure: boolean): boolean {
    const ring = this.#ring
    if (this.#calls === ring.length) this.#failures -= ring[this.#next] ?? 0
    else this.#calls += 1
    const outcome = isFailure ? 1 : 0
    ring[this.#next] = outcome
    this.#failures += outcome
    this.#next = this.#next + 1 === ring.length ? 0 : this.#next + 1
    return isFailure && this.#calls >= this.#minCalls && this.#failures >= this.#ratio * this.#calls
  }

  clear(): void {
    this.#next = 0
    this.#calls = 0
    this.#failures = 0
  }
}

/** Slices of a time window; an outcome is forgotten at most a tenth of the window too early. */
const slices = 10

class TimeWindow implements OutcomeWindow {
  readonly #ratio: number
  readonly #minCalls: number
  readonly #sliceMs: number
  readonly #clock: Clock
  readonly #ring = new Uint32Array(2 * slices)
  #sliceEnd = Number.NEGATIVE_INFINITY
  #slice = 0
  #calls = 0
  #failures = 0

  constructor(ratio: number, minCalls: number, overMs: number, clock: Clock) {
    this.#ratio = ratio
    this.#minCalls = minCalls
    this.#sliceMs = overMs / slices
    this.#clock = clock
  }

  note(isFailure: boolean): boolean {
    const now = this.#clock.now()
    if (now >= this.#sliceEnd) this.#turn(now)
    const at = 2 * this.#slice
    const ring = this.#ring
    ring[at] = (ring[at] ?? 0) + 1
    this.#calls += 1
    if (!isFailure) return false
    ring[at + 1] = (ring[at + 1] ?? 0) + 1
    this.#failures += 1
    return this.#calls >= this.#minCalls && this.#failures >= this.#ratio * this.#calls
  }

  clear(): void {
    this.#ring.fill(0)
    this.#calls = 0
    this.#failures = 0
    this.#sliceEnd = Number.NEGATIVE_INFINITY
  }

  #turn(now: number): void {
    const passed = Math.floor((now - this.#sliceEnd) / this.#sliceMs) + 1
    if (passed >= slices) {
      this.clear()
      this.#sliceEnd = now + this.#sliceMs
      return
    }
    for (let turned = 0; turned < passed; turned++) {
      this.#slice = this.#slice + 1 === slices ? 0 : this.#slice + 1
      const at = 2 * this.#slice
      this.#calls -= this.#ring[at] ?? 0
      this.#failures -= this.#ring[at + 1] ?? 0
      this.#ring[at] = 0
      this.#ring[at + 1] = 0
    }
    this.#sliceEnd += passed * this.#sliceMs
  }
}
