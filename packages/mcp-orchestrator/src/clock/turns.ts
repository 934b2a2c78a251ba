import { settleWith } from './deadline.ts'

/** Bounds how much runs at the same time; turns come in the order of arrival. */
export interface Turns {
  readonly running: number
  /** Runs the work when it is its turn; rejects with the signal's reason when that comes first. */
  run<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value>
}

/** Creates turns for at most this many at a time. */
export function createTurns(most: number): Turns {
  const waiting = new Set<() => void>()
  let running = 0

  async function wait(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>()
    waiting.add(turn.resolve)
    try {
      await settleWith(signal, () => turn.promise)
    } catch (error) {
      // A turn that came at the same moment is handed on.
      if (!waiting.delete(turn.resolve)) leave()
      throw error
    }
  }

  function leave(): void {
    const [next] = waiting
    if (next === undefined) {
      running -= 1
      return
    }
    waiting.delete(next)
    next()
  }

  return {
    get running() {
      return running
    },
    run: async (signal, work) => {
      if (running < most) running += 1
      else await wait(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
