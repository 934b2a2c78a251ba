import { countsAsFailure as tablesCountAsFailure } from '../classify/classify.ts'
import { CircuitOpenError, OptionInvalidError, TimedOutError } from '../errors/errors.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import { CallScope, type ScopeOwner } from '../signal/call-scope.ts'
import { isStreaming } from '../signal/streaming.ts'

/** The action that an opossum breaker must be created with to become a policy. */
export function runOperation(run: () => Promise<unknown>): Promise<unknown> {
  return run()
}

/** What is needed of an opossum breaker. */
export interface OpossumBreaker {
  fire(run: () => Promise<unknown>): Promise<unknown>
}

/** Options for {@link fromOpossum}. */
export interface OpossumAdapterOptions {
  /**
   * Says whether an error speaks of an unwell upstream; all others are told to opossum as successes.
   * @defaultValue {@link countsAsFailure}
   */
  readonly countsAsFailure?: ((error: unknown) => boolean) | undefined
}

/**
 * Turns an opossum breaker into a policy. Create the breaker with {@link runOperation}.
 *
 * Closed by the adapter: options under which a breaker opens after one failure or never
 * (`volumeThreshold` below 2, `errorThresholdPercentage` of 100), counts its own `capacity` as
 * failures, aborts siblings (`abortController`), shares results between operations (`cache`,
 * `coalesce`), blocks the event loop (`rollingPercentilesEnabled`) or is wedged by a hung probe
 * (`timeout: false`) are refused. Each call has a signal of its own, which aborts when opossum's
 * timeout is over. Aborts by the caller and faults of the caller are not failures.
 *
 * Left as it is: a late success of a call from before the outage closes the circuit, and so does a
 * neutral outcome while half-open; calls under way count as successes in the error rate; a breaker
 * keeps two interval timers. A `fallback` of the breaker is ignored.
 *
 * @throws {@link OptionInvalidError} at once, for the options above.
 * @throws {@link CircuitOpenError} from the operation, without calling it.
 * @throws {@link TimedOutError} from the operation, when opossum's timeout is over.
 */
export function fromOpossum(breaker: OpossumBreaker, options: OpossumAdapterOptions = {}): Policy {
  const { countsAsFailure = tablesCountAsFailure } = options
  const { timeoutMs } = checked(breaker)
  return <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      return new GuardedCall<Value>(breaker, countsAsFailure, timeoutMs, context).run(operation)
    }
}

type Fields = Readonly<Record<string, unknown>>

function checked(breaker: OpossumBreaker): { readonly timeoutMs: number } {
  const { options, volumeThreshold } = breaker as { options?: Fields; volumeThreshold?: unknown }
  const { timeout, capacity, errorThresholdPercentage } = options ?? {}
  const refuse = (what: string): never => {
    throw new OptionInvalidError(`The opossum breaker must ${what}.`)
  }
  if (typeof timeout !== 'number') return refuse('have a timeout, or a hung probe wedges it')
  if (!(Number(volumeThreshold) >= 2)) refuse('have a volumeThreshold from 2 up')
  if (!(Number(errorThresholdPercentage) < 100)) {
    refuse('have an errorThresholdPercentage below 100')
  }
  if (capacity !== Number.MAX_SAFE_INTEGER) refuse('have no capacity, use bulkhead() instead')
  for (const name of ['abortController', 'cache', 'coalesce', 'rollingPercentilesEnabled']) {
    if (options?.[name] !== undefined && options[name] !== false) {
      refuse(`be created with ${name}: ${name === 'abortController' ? 'undefined' : 'false'}`)
    }
  }
  return { timeoutMs: timeout }
}

type Outcome<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'error'; readonly error: unknown }

class GuardedCall<Value> implements ScopeOwner {
  readonly #breaker: OpossumBreaker
  readonly #countsAsFailure: (error: unknown) => boolean
  readonly #timeoutMs: number
  readonly #context: OperationContext
  readonly #scope: CallScope
  #outcome: Outcome<Value> | undefined
  #reject: ((reason: unknown) => void) | undefined

  constructor(
    breaker: OpossumBreaker,
    countsAsFailure: (error: unknown) => boolean,
    timeoutMs: number,
    context: OperationContext,
  ) {
    this.#breaker = breaker
    this.#countsAsFailure = countsAsFailure
    this.#timeoutMs = timeoutMs
    this.#context = context
    this.#scope = new CallScope(context, this)
  }

  run(operation: Operation<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#reject = reject
      void this.#breaker
        .fire(() => this.#call(operation))
        .then(
          () => undefined,
          (error: unknown) => this.#refusal(error),
        )
        .then((refusal) => this.#settle(resolve, reject, refusal))
    })
  }

  callerAborted(reason: unknown): void {
    this.#reject?.(reason)
  }

  /** Settles for opossum with what counts; keeps what happened for the caller. */
  async #call(operation: Operation<Value>): Promise<void> {
    try {
      this.#outcome = { kind: 'value', value: await operation(this.#scope) }
    } catch (error) {
      this.#outcome = { kind: 'error', error }
      if (!this.#context.signal.aborted && this.#countsAsFailure(error)) throw error
    }
  }

  #settle(
    resolve: (value: Value) => void,
    reject: (error: unknown) => void,
    refusal: Error | undefined,
  ): void {
    const outcome = this.#outcome
    if (outcome?.kind !== 'value' || !isStreaming(outcome.value)) this.#scope.unlink()
    if (outcome?.kind === 'value') resolve(outcome.value)
    else if (outcome?.kind === 'error') reject(outcome.error)
    else {
      reject(refusal ?? new CircuitOpenError('The opossum breaker did not make the call.'))
      this.#scope.abort(refusal)
    }
  }

  #refusal(error: unknown): Error | undefined {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EOPENBREAKER') return new CircuitOpenError('The opossum breaker is open.')
    if (code === 'ETIMEDOUT') return new TimedOutError(this.#timeoutMs, 'attempt')
    return error instanceof Error ? error : undefined
  }
}
