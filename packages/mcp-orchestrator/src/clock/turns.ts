import { settleWith } from './deadline.ts'

/**
 * Bounds how much runs at the same time; turns come in the order of arrival.
 *
 * A class, so that every server does not have functions of its own.
 */
export class Turns {
  readonly #most: number
  #running = 0
  #waiting: Set<() => void> | undefined

  constructor(most: number) {
    this.#most = most
  }

  get running(): number {
    return this.#running
  }

  /** Runs the work when it is its turn; rejects with the signal's reason when that comes first. */
  async run<Value>(signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    if (this.#running < this.#most) this.#running += 1
    else await this.#wait(signal)
    try {
      return await work()
    } finally {
      this.#leave()
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const turn = Promise.withResolvers<void>()
    this.#waiting ??= new Set()
    this.#waiting.add(turn.resolve)
    try {
      await settleWith(signal, () => turn.promise)
    } catch (error) {
      // A turn that came at the same moment is handed on.
      if (!this.#waiting.delete(turn.resolve)) this.#leave()
      throw error
    }
  }

  #leave(): void {
    const [next] = this.#waiting ?? []
    if (next === undefined) {
      this.#running -= 1
      return
    }
    this.#waiting?.delete(next)
    next()
  }
}
