/** Runs tasks one after the other, in the order in which they came. */
export interface Queue {
  /** Rejects with the signal's reason while the task waits; a task that began runs to its end. */
  run<Value>(task: () => Promise<Value>, signal: AbortSignal): Promise<Value>
}

/** Creates an empty queue. */
export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve()

  return {
    run<Value>(task: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
      const { promise, resolve, reject } = Promise.withResolvers<Value>()
      const giveUp = (): void => reject(signal.reason)
      signal.addEventListener('abort', giveUp, { once: true })
      const turn = async (): Promise<void> => {
        signal.removeEventListener('abort', giveUp)
        try {
          signal.throwIfAborted()
          resolve(await task())
        } catch (error) {
          reject(error)
        }
      }
      if (signal.aborted) giveUp()
      tail = tail.then(turn)
      return promise
    },
  }
}
