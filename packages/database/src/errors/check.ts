import { OptionInvalidError } from './errors.ts'

/** @throws {@link OptionInvalidError} when an option is not an integer from `least` up. */
export function checkAtLeast(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new OptionInvalidError(`${name} must be an integer from ${least} up, got ${value}.`)
}
