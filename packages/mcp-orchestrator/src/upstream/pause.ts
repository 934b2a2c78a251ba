import type { Clock } from '@t2t/resilience'
import { ConnectionError } from '../errors/connection-error.ts'

/** The pause after the first failed attempt may last this long, in milliseconds; it doubles then. */
const firstPauseMs = 500

/** The longest pause, and the one after a failure that repeating does not mend. */
const maxPauseMs = 30_000

/** The longest pause that a server can ask for, in milliseconds. */
const longestAskedMs = 3_600_000

/** A connection that lived this long was a good one, in milliseconds. */
const stableMs = 10_000

/**
 * Says when a server may be connected to again.
 *
 * Pauses are spread over their whole length ("full jitter"), so that programs which lost a server
 * together do not return to it together. There is no timer: times are compared on demand.
 */
export class ReconnectPause {
  readonly #clock: Clock
  readonly #random: () => number
  #attempts = 0
  #connectedAt = 0
  #until = 0
  #error: ConnectionError | undefined

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
  }

  /** Notes an attempt that failed. */
  failed(error: ConnectionError): void {
    this.#attempts += 1
    this.#pause(error)
  }

  connected(): void {
    this.#connectedAt = this.#clock.now()
    this.#error = undefined
    this.#until = 0
  }

  /** Notes that a connection was lost. Only one that is lost soon, and not for the first time, pauses. */
  lost(error: ConnectionError): void {
    const isStable = this.#clock.now() - this.#connectedAt >= stableMs
    this.#attempts = isStable ? 0 : this.#attempts + 1
    if (this.#attempts > 1) this.#pause(error)
  }

  /** Milliseconds until the next attempt is permitted. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#clock.now())
  }

  /** Why no attempt is permitted now; `undefined` when one is. */
  get refusal(): ConnectionError | undefined {
    const left = this.leftMs
    if (left === 0 || this.#error === undefined) return undefined
    const { kind, message, isPermanent } = this.#error
    return new ConnectionError(
      kind,
      `${message.replace(/\.$/, '')}; the next attempt has to wait.`,
      {
        cause: this.#error,
        isPermanent,
        retryAfterMs: Math.ceil(left),
        isSafeToRepeat: true,
      },
    )
  }

  #pause(error: ConnectionError): void {
    const grown = Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#attempts - 1))
    const pause = error.isPermanent ? maxPauseMs : this.#random() * grown
    this.#error = error
    this.#until =
      this.#clock.now() + Math.max(pause, Math.min(error.retryAfterMs ?? 0, longestAskedMs))
  }
}
