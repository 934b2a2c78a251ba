import type { ResilienceEvent, ResilienceListener } from './events.ts'

/** Tells a listener; nothing that it does can change the outcome of a call. */
export function emit(listener: ResilienceListener | undefined, event: ResilienceEvent): void {
  if (listener === undefined) return
  try {
    const answer: unknown = listener(event)
    if (answer instanceof Promise) answer.catch(ignore)
  } catch {
    // A listener observes; its own fault stays its own.
  }
}

function ignore(): void {}
