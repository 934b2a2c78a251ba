/**
 * Makes a listener that never throws: what goes wrong while observing must not reach the call
 * that is observed.
 */
export function quietly<Event>(listener: (event: Event) => void): (event: Event) => void {
  return (event) => {
    try {
      listener(event)
    } catch {
      // A lost observation is cheaper than a lost answer.
    }
  }
}

/** Marks the place that no event of the installed version reaches; newer ones are left out. */
export function ignoreUnknown(_event: never): void {}

/** Metrics count time in seconds, events in milliseconds. */
export function secondsOf(milliseconds: number): number {
  return milliseconds / 1_000
}
