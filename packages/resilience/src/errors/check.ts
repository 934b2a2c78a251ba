import { OptionInvalidError } from './errors.ts'

/** Checks an option that counts something. */
export function checkCount(name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new OptionInvalidError(`${name} must be an integer from ${least} up, got ${value}.`)
  }
}

/** Checks an option that is a time or a rate; `Infinity` passes only where it is said. */
export function checkPositive(name: string, value: number, allowInfinity = false): void {
  if (!(value > 0) || (value === Number.POSITIVE_INFINITY && !allowInfinity)) {
    throw new OptionInvalidError(`${name} must be a number above 0, got ${value}.`)
  }
}

/** Checks an option that is a number and may be 0. */
export function checkNotNegative(name: string, value: number): void {
  if (!(value >= 0)) throw new OptionInvalidError(`${name} must be 0 or more, got ${value}.`)
}

/** Checks an option that is a share of a whole. */
export function checkRatio(name: string, value: number): void {
  if (!(value > 0 && value <= 1)) {
    throw new OptionInvalidError(`${name} must be above 0 and at most 1, got ${value}.`)
  }
}
