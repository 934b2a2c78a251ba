import type { Clock } from '../clock/clock.ts'
import { checkPositive } from '../errors/check.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { ResilienceListener } from '../events/events.ts'
import { timeout } from '../policies/timeout.ts'

/**
 * What to do while the store that processes share does not answer: let calls pass, refuse them, or
 * decide within this process alone.
 */
export type WhenStoreAway = 'allow' | 'refuse' | 'local'

/** Options of everything that uses a shared store. */
export interface FailoverOptions {
  /**
   * What to do while the store does not answer. With `local`, each process has the whole limit for
   * itself.
   * @defaultValue `'local'`
   */
  readonly whenStoreAway?: WhenStoreAway | undefined
  /**
   * How long to wait for an answer of the store, in milliseconds.
   * @defaultValue 250
   */
  readonly storeTimeoutMs?: number | undefined
  /**
   * How long not to ask a store that did not answer, in milliseconds.
   * @defaultValue 1_000
   */
  readonly askAgainAfterMs?: number | undefined
}

const never = new AbortController().signal

/**
 * Asks a store, but never waits long for it: answers for it while it is away, and tells the
 * listener when it goes and when it is back.
 */
export class Failover {
  readonly #whenAway: WhenStoreAway
  readonly #askAgainAfterMs: number
  readonly #bounded: ReturnType<typeof timeout>
  readonly #clock: Clock
  readonly #name: string
  readonly #onEvent: ResilienceListener | undefined
  #isAway = false
  #askAgainAt = 0

  constructor(
    options: FailoverOptions,
    clock: Clock,
    name: string,
    onEvent: ResilienceListener | undefined,
  ) {
    const { whenStoreAway = 'local', storeTimeoutMs = 250, askAgainAfterMs = 1_000 } = options
    checkPositive('storeTimeoutMs', storeTimeoutMs)
    checkPositive('askAgainAfterMs', askAgainAfterMs)
    this.#whenAway = whenStoreAway
    this.#askAgainAfterMs = askAgainAfterMs
    this.#bounded = timeout({ afterMs: storeTimeoutMs, clock })
    this.#clock = clock
    this.#name = name
    this.#onEvent = onEvent
  }

  /**
   * Gives what the store says, at once when it answers at once. Rejects with the signal's reason as
   * soon as it aborts.
   */
  ask<Answer>(
    store: () => Answer | Promise<Answer>,
    instead: (decision: WhenStoreAway, error: unknown) => Answer,
    signal: AbortSignal = never,
  ): Answer | Promise<Answer> {
    if (this.#isAway) {
      const now = this.#clock.now()
      if (now < this.#askAgainAt) return instead(this.#whenAway, undefined)
      // One call asks; the others go on without the store until there is an answer.
      this.#askAgainAt = now + this.#askAgainAfterMs
    }
    try {
      const answer = store()
      if (answer instanceof Promise) return this.#await(answer, instead, signal)
      this.#answered()
      return answer
    } catch (error) {
      return this.#wentAway(error, instead)
    }
  }

  async #await<Answer>(
    answer: Promise<Answer>,
    instead: (decision: WhenStoreAway, error: unknown) => Answer,
    signal: AbortSignal,
  ): Promise<Answer> {
    try {
      const value = await this.#bounded(() => answer)({ signal })
      this.#answered()
      return value
    } catch (error) {
      if (signal.aborted) throw error
      return this.#wentAway(error, instead)
    }
  }

  #answered(): void {
    if (!this.#isAway) return
    this.#isAway = false
    emit(this.#onEvent, { type: 'store-recovered', name: this.#name })
  }

  #wentAway<Answer>(
    error: unknown,
    instead: (decision: WhenStoreAway, error: unknown) => Answer,
  ): Answer {
    if (error instanceof OptionInvalidError) throw error
    const decision = this.#whenAway
    this.#askAgainAt = this.#clock.now() + this.#askAgainAfterMs
    if (!this.#isAway) {
      this.#isAway = true
      emit(this.#onEvent, { type: 'store-failed', name: this.#name, decision, error })
    }
    return instead(decision, error)
  }
}
