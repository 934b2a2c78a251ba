import type { AssistantEvent } from './events.ts'

/** Receives events. What it throws is ignored. */
export type AssistantListener = (event: AssistantEvent) => void

/**
 * Starts work and makes it observable: every iteration gives all events from the first on and
 * ends with the work, also when that was aborted.
 */
export function startRun<Event, Answer>(
  work: (emit: (event: Event) => void) => Promise<Answer>,
  onEvent: ((event: Event) => void) | undefined,
): AsyncIterable<Event> & { readonly answer: Promise<Answer> } {
  const events: Event[] = []
  let isDone = false
  let wake = Promise.withResolvers<undefined>()
  const announce = (): void => {
    const waiting = wake
    wake = Promise.withResolvers<undefined>()
    waiting.resolve(undefined)
  }
  const emit = (event: Event): void => {
    events.push(event)
    announce()
    try {
      onEvent?.(event)
    } catch {
      // A listener must not change the answer.
    }
  }
  const answer = work(emit).finally(() => {
    isDone = true
    announce()
  })
  // Whoever only iterates must not be ended by an unhandled rejection.
  answer.catch(() => undefined)

  async function* iterate(): AsyncGenerator<Event, undefined> {
    for (let at = 0; ;) {
      const event = events[at]
      if (event !== undefined) {
        at += 1
        yield event
      } else if (isDone) return undefined
      else await wake.promise
    }
  }
  return { answer, [Symbol.asyncIterator]: iterate }
}
