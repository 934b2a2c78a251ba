import type { Clock } from '../clock/clock.ts'

/** Keeps the leases of running calls alive with one timer, which stands only while there are any. */
export class HeldLeases {
  readonly #clock: Clock
  readonly #everyMs: number
  readonly #renew: (id: string) => Promise<boolean>
  readonly #lost: () => void
  readonly #ids = new Set<string>()
  #timer: Disposable | undefined

  constructor(
    clock: Clock,
    everyMs: number,
    renew: (id: string) => Promise<boolean>,
    lost: () => void,
  ) {
    this.#clock = clock
    this.#everyMs = everyMs
    this.#renew = renew
    this.#lost = lost
  }

  add(id: string): void {
    this.#ids.add(id)
    this.#timer ??= this.#clock.after(this.#everyMs, () => this.#renewAll())
  }

  remove(id: string): void {
    this.#ids.delete(id)
    if (this.#ids.size > 0) return
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
  }

  #renewAll(): void {
    this.#timer = undefined
    for (const id of this.#ids) {
      this.#renew(id).then(
        (isHeld) => {
          if (!isHeld && this.#ids.has(id)) {
            this.remove(id)
            this.#lost()
          }
        },
        // The store is away: the next renewal may come in time.
        () => {},
      )
    }
    if (this.#ids.size > 0) {
      this.#timer = this.#clock.after(this.#everyMs, () => this.#renewAll())
    }
  }
}
