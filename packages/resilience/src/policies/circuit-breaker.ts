import type { Random } from '../backoff/backoff.ts'
import { Circuit, type CircuitSnapshot, type CircuitState } from '../breaker/circuit.ts'
import { failureRatio } from '../breaker/failure-ratio.ts'
import type { OpeningRule } from '../breaker/outcome-window.ts'
import { shareCircuit, type SharedCircuitOptions } from '../breaker/shared-circuit.ts'
import { countsAsFailure as tablesCountAsFailure } from '../classify/classify.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkCount, checkPositive } from '../errors/check.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import { start } from '../policy/start.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'

/** Options for {@link circuitBreaker}. */
export interface CircuitBreakerOptions extends PolicyOptions {
  /**
   * When the circuit opens.
   * @defaultValue half of the calls of the last 30 seconds failed, of at least 10
   */
  readonly opensWhen?: OpeningRule | undefined
  /**
   * How long the circuit stays open the first time, in milliseconds. It doubles each time a probe
   * fails, and is up to a quarter longer by chance.
   * @defaultValue 5_000
   */
  readonly openForMs?: number | undefined
  /**
   * The longest that doubling leads to, in milliseconds.
   * @defaultValue 60_000
   */
  readonly maxOpenForMs?: number | undefined
  /**
   * Calls that a half-open circuit lets through; all of them must succeed for it to close. An
   * integer from 1 up.
   * @defaultValue 1
   */
  readonly probes?: number | undefined
  /**
   * How long probes may take, in milliseconds: after that they count as failed, so that a probe
   * that hangs does not keep the circuit half-open. Compared when the next call arrives.
   * @defaultValue 30_000
   */
  readonly maxProbeMs?: number | undefined
  /**
   * Says whether an error speaks of an unwell upstream. Failures after an abort by the caller are
   * never counted.
   * @defaultValue {@link countsAsFailure}
   */
  readonly countsAsFailure?: ((error: unknown) => boolean) | undefined
  /** State to go on from, as `snapshot` gave it. */
  readonly restore?: CircuitSnapshot | undefined
  /** Shares openings with other processes. */
  readonly shared?: SharedCircuitOptions | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
}

/** A circuit breaker: a policy whose state can be read. */
export interface CircuitBreaker extends Policy {
  /** The state as of the last call. */
  state(): CircuitState
  /** The state to be saved, and handed to `restore` later. */
  snapshot(): CircuitSnapshot
  /** Counts a failure that came after the operation had returned, such as a broken stream. */
  report(error: unknown): void
}

/**
 * Creates a policy that stops calling an upstream that keeps failing, and probes it later.
 *
 * Only outcomes count, never calls under way. Aborts by the caller, refusals of other policies and
 * faults of the caller (4xx, syntax errors) are neutral. A late outcome of a call that began before
 * the last change of state changes nothing. While half-open, exactly `probes` calls pass and all
 * others fail at once.
 *
 * Use one breaker for each upstream, for all operations on it.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link CircuitOpenError} from the operation, without calling it; `retryAfterMs` says how
 * long the circuit stays open.
 *
 * @example
 * ```ts
 * import { circuitBreaker, consecutiveFailures } from '@t2t/resilience'
 *
 * const breaker = circuitBreaker({ opensWhen: consecutiveFailures(5) })
 * const fetchRates = breaker(({ signal }) => fetch('https://rates.example', { signal }))
 * ```
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  const {
    opensWhen = failureRatio({ overMs: 30_000 }),
    openForMs = 5_000,
    maxOpenForMs = 60_000,
    probes = 1,
    maxProbeMs = 30_000,
    countsAsFailure = tablesCountAsFailure,
    random = Math.random,
    name = 'circuit-breaker',
    clock = systemClock,
    onEvent,
  } = options
  checkPositive('openForMs', openForMs)
  checkPositive('maxOpenForMs', maxOpenForMs)
  checkCount('probes', probes)
  checkPositive('maxProbeMs', maxProbeMs, true)
  const shared =
    options.shared === undefined ? undefined : shareCircuit(options.shared, name, clock, onEvent)
  const circuit = new Circuit(
    {
      window: opensWhen(clock),
      openForMs,
      maxOpenForMs: Math.max(openForMs, maxOpenForMs),
      probes,
      maxProbeMs,
      random,
      clock,
      name,
      onEvent,
      publish: shared?.publish,
    },
    options.restore,
  )

  const call = <Value>(
    operation: Operation<Value>,
    context: OperationContext,
    generation: number,
  ): Promise<Value> =>
    start(operation, context).then(
      (value) => {
        circuit.succeed(generation)
        return value
      },
      (error: unknown) => {
        if (context.signal.aborted || !countsAsFailure(error)) circuit.release(generation)
        else circuit.fail(generation)
        throw error
      },
    )

  const policy: Policy =
    <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      shared?.refresh(circuit)
      try {
        return call(operation, context, circuit.admit())
      } catch (refusal) {
        return Promise.reject(refusal)
      }
    }
  return Object.assign(policy, {
    state: () => circuit.state,
    snapshot: () => circuit.snapshot(),
    report: (error: unknown) => {
      if (circuit.state === 'closed' && countsAsFailure(error)) circuit.fail(circuit.generation)
    },
  })
}
