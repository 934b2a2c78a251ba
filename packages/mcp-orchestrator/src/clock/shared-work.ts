import { settleWith } from './deadline.ts'

interface Running<Value> {
  readonly controller: AbortController
  readonly value: Promise<Value>
  waiters: number
}

/** Work that is done once for all who want it at the same time. */
export class SharedWork<Value> {
  readonly #onIdle: (() => void) | undefined
  #running: Running<Value> | undefined

  /** `onIdle` is called whenever nothing runs any more. */
  constructor(onIdle?: () => void) {
    this.#onIdle = onIdle
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** Joins the work that is under way, or starts it. The last who stops waiting ends it. */
  async join(
    signal: AbortSignal,
    start: (controller: AbortController) => Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted()
    const joined = (this.#running ??= this.#begin(start))
    joined.waiters += 1
    try {
      return await settleWith(signal, () => joined.value)
    } finally {
      joined.waiters -= 1
      if (joined.waiters === 0 && this.#running === joined) {
        this.#end(joined)
        joined.controller.abort(signal.reason)
      }
    }
  }

  #begin(start: (controller: AbortController) => Promise<Value>): Running<Value> {
    const controller = new AbortController()
    const work: Running<Value> = { controller, value: start(controller), waiters: 0 }
    const end = (): void => this.#end(work)
    // Whoever waits sees the rejection; when nobody waits any more there is nobody to tell.
    work.value.then(end, end)
    return work
  }

  #end(work: Running<Value>): void {
    if (this.#running !== work) return
    this.#running = undefined
    this.#onIdle?.()
  }
}
