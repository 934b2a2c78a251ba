import type { Clock } from '../clock/clock.ts'
import type { ResilienceListener } from '../events/events.ts'

/** Options that every policy has. */
export interface PolicyOptions {
  /**
   * What events call the policy; a metric label, so keep the number of names small.
   * @defaultValue the name of the factory, such as `retry`
   */
  readonly name?: string | undefined
  /** Receives typed events. What it throws is ignored. */
  readonly onEvent?: ResilienceListener | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}
