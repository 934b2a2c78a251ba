import { settleWith } from './deadline.ts'

/** Work that is done once for all who want it at the same time. */
export interface SharedWork<Value> {
  readonly isRunning: boolean
  /** Joins the work that is under way, or starts it. The last who stops waiting ends it. */
  join(signal: AbortSignal, start: (controller: AbortController) => Promise<Value>): Promise<Value>
}

interface Running<Value> {
  readonly controller: AbortController
  readonly value: Promise<Value>
  waiters: number
}

/** Creates a place for one piece of work. `onIdle` is called whenever nothing runs any more. */
export function createSharedWork<Value>(onIdle?: () => void): SharedWork<Value> {
  let running: Running<Value> | undefined

  function end(work: Running<Value>): void {
    if (running !== work) return
    running = undefined
    onIdle?.()
  }

  function begin(start: (controller: AbortController) => Promise<Value>): Running<Value> {
    const controller = new AbortController()
    const work: Running<Value> = { controller, value: start(controller), waiters: 0 }
    // Whoever waits sees the rejection; when nobody waits any more there is nobody to tell.
    work.value.then(
      () => end(work),
      () => end(work),
    )
    return work
  }

  return {
    get isRunning() {
      return running !== undefined
    },
    join: async (signal, start) => {
      signal.throwIfAborted()
      const joined = (running ??= begin(start))
      joined.waiters += 1
      try {
        return await settleWith(signal, () => joined.value)
      } finally {
        joined.waiters -= 1
        if (joined.waiters === 0 && running === joined) {
          end(joined)
          joined.controller.abort(signal.reason)
        }
      }
    },
  }
}
