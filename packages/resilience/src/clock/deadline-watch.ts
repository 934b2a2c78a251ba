import { roundingMs, type Clock } from './clock.ts'

/** Something that ends by itself at a certain reading of the clock. */
export interface Expiring {
  readonly expiresAt: number
  expire(): void
}

/**
 * The calls of one timeout policy that are under way, the oldest first.
 *
 * They all have the same time, so their deadlines are in the order of insertion.
 */
export type DeadlineGroup = Set<Expiring>

/**
 * Watches the deadlines of all calls on one clock with a single timer.
 *
 * The timer stands for the nearest deadline. When a call ends before its own, the timer is left
 * standing while others are under way, and called off with the last one.
 */
export class DeadlineWatch {
  readonly #clock: Clock
  readonly #groups = new Set<DeadlineGroup>()
  readonly #fire = (): void => this.#expireDue()
  #timer: Disposable | undefined
  #firesAt = Number.POSITIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(group: DeadlineGroup, call: Expiring): void {
    if (group.size === 0) this.#groups.add(group)
    group.add(call)
  }

  /** Makes sure of a timer; separate from `add` so that a nested, shorter one is set only once. */
  arm(expiresAt: number, inMs: number): void {
    if (expiresAt >= this.#firesAt) return
    this.#timer?.[Symbol.dispose]()
    this.#firesAt = expiresAt
    this.#timer = this.#clock.after(inMs, this.#fire)
  }

  remove(group: DeadlineGroup, call: Expiring): void {
    if (!group.delete(call) || group.size > 0) return
    this.#groups.delete(group)
    if (this.#groups.size > 0) return
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    this.#firesAt = Number.POSITIVE_INFINITY
  }

  #expireDue(): void {
    this.#timer = undefined
    this.#firesAt = Number.POSITIVE_INFINITY
    const now = this.#clock.now()
    let nearest = Number.POSITIVE_INFINITY
    for (const group of this.#groups) {
      for (const call of group) {
        if (call.expiresAt > now + roundingMs) {
          nearest = Math.min(nearest, call.expiresAt)
          break
        }
        group.delete(call)
        call.expire()
      }
      if (group.size === 0) this.#groups.delete(group)
    }
    if (nearest < Number.POSITIVE_INFINITY) this.arm(nearest, nearest - now)
  }
}

const watches = new WeakMap<Clock, DeadlineWatch>()

/** The one watch of a clock. */
export function deadlinesOn(clock: Clock): DeadlineWatch {
  let watch = watches.get(clock)
  if (watch === undefined) {
    watch = new DeadlineWatch(clock)
    watches.set(clock, watch)
  }
  return watch
}
