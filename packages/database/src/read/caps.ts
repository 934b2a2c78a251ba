import { checkAtLeast } from '../errors/check.ts'
import { leastCellBytes } from './cut.ts'
import type { ReadCaps } from './read.ts'

/** Caps of a database that names none. */
const defaultCaps = {
  maxRows: 1_000,
  maxBytes: 4_194_304,
  maxCellBytes: 65_536,
  timeoutMs: 15_000,
} as const satisfies ReadCaps

/** Checks one cap. @throws {@link OptionInvalidError} when it is not an integer from 1 up. */
function checkCap(name: keyof ReadCaps, value: number, least = 1): number {
  checkAtLeast(name, value, least)
  return value
}

/** The tighter one of a cap and what a caller asked for, if anything. */
export function tighten(name: keyof ReadCaps, limit: number, wanted: number | undefined): number {
  return wanted === undefined ? limit : Math.min(limit, checkCap(name, wanted))
}

/** Completes the caps of a database; `mostRows` is what its policy allows. */
export function capsOf(wanted: Partial<ReadCaps>, mostRows: number): ReadCaps {
  const { maxRows = defaultCaps.maxRows, maxBytes = defaultCaps.maxBytes } = wanted
  const { timeoutMs = defaultCaps.timeoutMs, maxCellBytes = defaultCaps.maxCellBytes } = wanted
  return {
    maxRows: Math.min(checkCap('maxRows', maxRows), mostRows),
    maxBytes: checkCap('maxBytes', maxBytes),
    maxCellBytes: checkCap('maxCellBytes', maxCellBytes, leastCellBytes),
    timeoutMs: checkCap('timeoutMs', timeoutMs),
  }
}
