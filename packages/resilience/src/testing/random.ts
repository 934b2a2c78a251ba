import type { Random } from '../backoff/backoff.ts'

/** Creates numbers from 0 to 1 that are the same for the same seed. */
export function createSeededRandom(seed: number): Random {
  let state = Math.trunc(seed)
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
