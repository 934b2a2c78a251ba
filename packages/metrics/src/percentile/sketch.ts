/**
 * Half the width of a bin, as a share of the value: what a percentile can be off by.
 *
 * @see DDSketch (Masson, Rim, Lee, 2019) for the proof.
 */
export const relativeError = 0.01

const growth = (1 + relativeError) / (1 - relativeError)
const binsPerE = 1 / Math.log(growth)
/** Values outside these bounds are counted at the bound. */
const smallest = 1e-9
const largest = 1e12
const firstBin = Math.ceil(Math.log(smallest) * binsPerE)
const lastBin = Math.ceil(Math.log(largest) * binsPerE)
const chunk = 64

/**
 * Counts values in bins whose width grows with the value, so that every percentile is known to
 * within {@link relativeError} of itself, in at most 2,420 bins.
 */
export class Sketch {
  count = 0
  #zeros = 0
  #offset = 0
  #bins = new Uint32Array(0)

  /** Counts one value, a finite number from 0 up. */
  record(value: number): void {
    this.count++
    if (value < smallest) {
      this.#zeros++
      return
    }
    const bin = value >= largest ? lastBin : Math.ceil(Math.log(value) * binsPerE)
    let place = bin - this.#offset
    if (place < 0 || place >= this.#bins.length) {
      this.#grow(bin)
      place = bin - this.#offset
    }
    this.#bins[place] = Number(this.#bins[place]) + 1
  }

  /** Adds what another sketch counted. */
  merge(other: Sketch): void {
    this.count += other.count
    this.#zeros += other.#zeros
    for (const [place, count] of other.#bins.entries()) {
      if (count === 0) continue
      const bin = place + other.#offset
      this.#grow(bin)
      this.#bins[bin - this.#offset] = Number(this.#bins[bin - this.#offset]) + count
    }
  }

  /** Gives the value below which a share of the values lies; absent when nothing was counted. */
  quantile(share: number): number | undefined {
    if (this.count === 0) return undefined
    const rank = Math.max(1, Math.ceil(share * this.count))
    let below = this.#zeros
    if (rank <= below) return 0
    for (const [place, count] of this.#bins.entries()) {
      below += count
      if (rank <= below) return (2 * growth ** (place + this.#offset)) / (growth + 1)
    }
    return undefined
  }

  clear(): void {
    this.count = 0
    this.#zeros = 0
    this.#bins.fill(0)
  }

  #grow(bin: number): void {
    const end = this.#offset + this.#bins.length
    if (this.#bins.length > 0 && bin >= this.#offset && bin < end) return
    const isEmpty = this.#bins.length === 0
    const from = Math.max(firstBin, isEmpty ? bin - chunk / 2 : Math.min(this.#offset, bin - chunk))
    const to = Math.min(lastBin + 1, isEmpty ? bin + chunk / 2 : Math.max(end, bin + chunk))
    const bins = new Uint32Array(to - from)
    bins.set(this.#bins, isEmpty ? 0 : this.#offset - from)
    this.#bins = bins
    this.#offset = from
  }
}
