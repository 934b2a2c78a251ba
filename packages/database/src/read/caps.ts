import { OptionInvalidError } from '../errors/errors.ts'
import type { ReadCaps } from './read.ts'

/** Caps of a database that names none. */
export const defaultCaps: ReadCaps = { maxRows: 1_000, maxBytes: 4_194_304, timeoutMs: 15_000 }

/** Checks one cap. @throws {@link OptionInvalidError} when it is not an integer from 1 up. */
export function checkCap(name: keyof ReadCaps, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new OptionInvalidError(`${name} must be an integer from 1 up, got ${value}.`)
  }
  return value
}

/** The tighter one of a cap and what a caller asked for, if anything. */
export function tighten(name: keyof ReadCaps, limit: number, wanted: number | undefined): number {
  return wanted === undefined ? limit : Math.min(limit, checkCap(name, wanted))
}
