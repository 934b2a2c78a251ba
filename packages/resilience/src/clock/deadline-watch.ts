import { roundingMs, type Clock } from './clock.ts'

/** Something that ends by itself at a certain reading of the clock. */
export interface Expiring {
  expiresAt: number
  expire(): void
  /** Its neighbours in the list of its group; kept by the watch. */
  earlier: Expiring | undefined
  later: Expiring | undefined
}

/**
 * The calls of one policy that are under way, the oldest first.
 *
 * They all have the same time, so their deadlines are in the order in which they were added.
 */
export class DeadlineGroup {
  first: Expiring | undefined
  last: Expiring | undefined
  isWatched = false
}

/**
 * Watches the deadlines of all calls on one clock with a single timer.
 *
 * Before the running tick is over no timer could fire, so none is set before: a call that settles
 * within the tick costs none. The timer stands for the nearest deadline. When a call ends before
 * its own, the timer is left standing while others are under way, and called off with the last one.
 */
export class DeadlineWatch {
  readonly #clock: Clock
  readonly #groups = new Set<DeadlineGroup>()
  readonly #arm = (): void => this.#setTimer()
  readonly #fire = (): void => this.#expireDue()
  #underWay = 0
  #willArm = false
  #timer: Disposable | undefined
  #firesAt = Number.POSITIVE_INFINITY

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(group: DeadlineGroup, call: Expiring): void {
    if (!group.isWatched) {
      group.isWatched = true
      this.#groups.add(group)
    }
    call.earlier = group.last
    if (group.last === undefined) group.first = call
    else group.last.later = call
    group.last = call
    this.#underWay += 1
    if (this.#willArm || call.expiresAt >= this.#firesAt) return
    this.#willArm = true
    atEndOfTick(this.#arm)
  }

  remove(group: DeadlineGroup, call: Expiring): void {
    const { earlier, later } = call
    if (earlier === undefined && group.first !== call) return
    if (earlier === undefined) group.first = later
    else earlier.later = later
    if (later === undefined) group.last = earlier
    else later.earlier = earlier
    call.earlier = undefined
    call.later = undefined
    this.#underWay -= 1
    if (this.#underWay === 0 && this.#timer !== undefined) this.#clearTimer()
  }

  #setTimer(): void {
    this.#willArm = false
    let nearest = Number.POSITIVE_INFINITY
    for (const group of this.#groups) {
      if (group.first === undefined) {
        group.isWatched = false
        this.#groups.delete(group)
      } else nearest = Math.min(nearest, group.first.expiresAt)
    }
    if (nearest >= this.#firesAt) return
    this.#clearTimer()
    this.#firesAt = nearest
    this.#timer = this.#clock.after(Math.max(0, nearest - this.#clock.now()), this.#fire)
  }

  #clearTimer(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    this.#firesAt = Number.POSITIVE_INFINITY
  }

  #expireDue(): void {
    this.#timer = undefined
    this.#firesAt = Number.POSITIVE_INFINITY
    const now = this.#clock.now() + roundingMs
    for (const group of this.#groups) {
      for (
        let call = group.first;
        call !== undefined && call.expiresAt <= now;
        call = group.first
      ) {
        this.remove(group, call)
        call.expire()
      }
    }
    this.#setTimer()
  }
}

/** Calls back when nothing is left to run in this turn of the event loop. */
function atEndOfTick(callback: () => void): void {
  if (typeof process === 'undefined') queueMicrotask(callback)
  else process.nextTick(callback)
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
