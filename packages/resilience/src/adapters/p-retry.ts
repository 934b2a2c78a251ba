import type { Random } from '../backoff/backoff.ts'
import { isWorthRetrying } from '../classify/classify.ts'
import { retryAfterOf } from '../classify/read-error.ts'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { OptionInvalidError, RetriesExhaustedError, type RetryEnd } from '../errors/errors.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import { markRepeats } from '../policy/repeats.ts'

/** What p-retry tells its callbacks. */
export interface PRetryContext {
  readonly error: Error
  readonly attemptNumber: number
  readonly retriesLeft: number
  readonly retryDelay: number
}

/** The options of p-retry that are taken over. Its `retries` does not count the first call. */
export interface PRetryOptions {
  readonly retries?: number
  readonly factor?: number
  readonly minTimeout?: number
  readonly maxTimeout?: number
  readonly randomize?: boolean
  readonly unref?: boolean
  readonly onFailedAttempt?: (context: PRetryContext) => void | Promise<void>
  readonly shouldRetry?: (context: PRetryContext) => boolean | Promise<boolean>
}

/** The default export of p-retry. */
export type PRetry = <Value>(
  input: (attempt: number) => Promise<Value>,
  options: PRetryOptions & { readonly signal: AbortSignal },
) => Promise<Value>

/** What {@link fromPRetry} adds to the options of p-retry. */
export interface PRetryAdapterOptions {
  /**
   * The longest pause that a server may ask for, in milliseconds.
   * @defaultValue 60_000
   */
  readonly maxRetryAfterMs?: number | undefined
  /**
   * Must be a clock of real time, since p-retry waits on its own timers.
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
}

/** Options that an adapter refuses, and what to use instead. */
const refused: Readonly<Record<string, string>> = {
  shouldConsumeRetry: 'it repeats without any pause when it says no',
  maxRetryTime: 'it shortens the last pause, use timeout() around the policy',
  signal: 'each call has a signal of its own',
}

/**
 * Turns p-retry and its options into a policy.
 *
 * Closed by the adapter: what a server says about when is a floor (p-retry does not know it), a
 * success that arrives after an abort stays a success, any thrown value and every `TypeError` are
 * judged by the same table, pauses at `maxTimeout` are spread by up to a tenth, and errors come
 * back as they are. Left as it is: p-retry waits on timers of its own, so a fake clock does not
 * reach it.
 *
 * @throws {@link OptionInvalidError} at once, for options whose effect cannot be put right.
 * @throws {@link RetriesExhaustedError} from the operation, when the last permitted attempt failed.
 */
export function fromPRetry(
  pRetry: PRetry,
  options: PRetryOptions = {},
  adapter: PRetryAdapterOptions = {},
): Policy {
  for (const [name, why] of Object.entries(refused)) {
    if (name in options) throw new OptionInvalidError(`${name} must not be given: ${why}.`)
  }
  const { maxRetryAfterMs = 60_000, clock = systemClock, random = Math.random } = adapter
  const terms: Terms = { pRetry, options, maxRetryAfterMs, clock, random }
  const policy: Policy =
    <Value>(operation: Operation<Value>): Operation<Value> =>
    async (context) => {
      if (context.signal.aborted) throw context.signal.reason
      return new RepeatedCall<Value>(terms, context).run(operation)
    }
  return markRepeats(policy, 'retry')
}

interface Terms {
  readonly pRetry: PRetry
  readonly options: PRetryOptions
  readonly maxRetryAfterMs: number
  readonly clock: Clock
  readonly random: Random
}

/** Carries any thrown value through p-retry, which judges errors by their class. */
class Carrier extends Error {
  readonly carried: unknown

  constructor(carried: unknown) {
    super('An attempt failed.')
    this.carried = carried
  }
}

class RepeatedCall<Value> {
  readonly #terms: Terms
  readonly #context: OperationContext
  #success: { readonly value: Value } | undefined
  #attempts = 0
  #notBefore = 0
  #end: RetryEnd | undefined

  constructor(terms: Terms, context: OperationContext) {
    this.#terms = terms
    this.#context = context
  }

  async run(operation: Operation<Value>): Promise<Value> {
    const { pRetry, options } = this.#terms
    try {
      return await pRetry(() => this.#attempt(operation), {
        ...options,
        signal: this.#context.signal,
        shouldRetry: (told) => this.#shouldRetry(told),
        onFailedAttempt: (told) => options.onFailedAttempt?.(uncarried(told)),
      })
    } catch (error) {
      if (this.#success !== undefined) return this.#success.value
      throw this.#outcome(error)
    }
  }

  async #attempt(operation: Operation<Value>): Promise<Value> {
    const { clock } = this.#terms
    const left = this.#notBefore - clock.now()
    if (this.#attempts > 0 && left > 0) await clock.sleep(left, this.#context.signal)
    this.#attempts += 1
    try {
      const value = await operation(this.#context)
      this.#success = { value }
      return value
    } catch (error) {
      throw new Carrier(error)
    }
  }

  async #shouldRetry(told: PRetryContext): Promise<boolean> {
    const { clock, options, maxRetryAfterMs, random } = this.#terms
    const { error } = uncarried(told)
    const isWorthIt =
      (await options.shouldRetry?.({ ...told, error })) ?? isWorthRetrying(carriedBy(told.error))
    if (!isWorthIt) return false
    const asked = retryAfterOf(error, () => clock.wallTime()) ?? 0
    const least = Math.max(told.retryDelay, asked)
    const pause = least + random() * Math.min(least / 10, 1_000)
    this.#notBefore = clock.now() + pause
    if (asked > maxRetryAfterMs) this.#end = 'retry-after'
    else if (this.#notBefore >= (this.#context.deadline ?? Number.POSITIVE_INFINITY)) {
      this.#end = 'deadline'
    } else if (this.#context.budget?.takeExtraAttempt() === false) this.#end = 'retry-budget'
    return this.#end === undefined
  }

  #outcome(error: unknown): unknown {
    if (!(error instanceof Carrier)) return error
    const cause = unwrapped(error.carried)
    if (this.#context.signal.aborted) return cause
    const { retries = 10 } = this.#terms.options
    const reason = this.#end ?? (this.#attempts > retries ? 'attempts' : undefined)
    if (reason === undefined || (reason === 'attempts' && !isWorthRetrying(cause))) return cause
    return new RetriesExhaustedError(this.#attempts, {
      cause,
      reason,
      retryAfterMs: retryAfterOf(cause, () => this.#terms.clock.wallTime()),
    })
  }
}

/** The error inside p-retry's own `AbortError`, with which an operation ends its retries. */
function unwrapped(error: unknown): unknown {
  return error instanceof Error && 'originalError' in error ? error.originalError : error
}

function carriedBy(error: unknown): unknown {
  return error instanceof Carrier ? error.carried : error
}

function uncarried(told: PRetryContext): PRetryContext {
  const error = carriedBy(told.error)
  return error instanceof Error ? { ...told, error } : told
}
