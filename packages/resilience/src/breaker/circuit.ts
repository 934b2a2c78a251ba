import type { Random } from '../backoff/backoff.ts'
import type { Clock } from '../clock/clock.ts'
import { CircuitOpenError } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { CircuitOpened, ResilienceListener } from '../events/events.ts'
import type { OutcomeWindow } from './outcome-window.ts'

/** What a circuit breaker does with calls: all, none, or a few probes. */
export type CircuitState = 'closed' | 'open' | 'half-open'

/** The state of a circuit, for a file or another process. */
export interface CircuitSnapshot {
  /** A half-open circuit is saved as an open one whose time is over. */
  readonly state: 'closed' | 'open'
  /** When the circuit may let probes through, in milliseconds since 1970; 0 when closed. */
  readonly openUntil: number
  /** How many times in a row it has opened without closing in between. */
  readonly opens: number
}

/** The options of a circuit, complete. */
export interface CircuitRules {
  readonly window: OutcomeWindow
  readonly openForMs: number
  readonly maxOpenForMs: number
  readonly probes: number
  readonly maxProbeMs: number
  readonly random: Random
  readonly clock: Clock
  readonly name: string
  readonly onEvent: ResilienceListener | undefined
  /** Tells other processes; called on transitions of its own only. */
  readonly publish: ((openForMs: number) => void) | undefined
}

/**
 * The states of a circuit breaker. No timers: times are compared when a call arrives.
 *
 * Every transition starts a new generation, and a call belongs to the one it began in: its outcome
 * means nothing to a later one.
 */
export class Circuit {
  state: CircuitState = 'closed'
  generation = 0
  readonly #rules: CircuitRules
  #opens = 0
  #openedAt = 0
  #openUntil = 0
  #troubleSince = 0
  #probesRunning = 0
  #probesSucceeded = 0
  #probingSince = 0

  constructor(rules: CircuitRules, restored: CircuitSnapshot | undefined) {
    this.#rules = rules
    if (restored === undefined) return
    this.#opens = restored.opens
    if (restored.state === 'closed') return
    const { clock } = rules
    this.state = 'open'
    this.#openedAt = this.#troubleSince = clock.now()
    this.#openUntil = this.#openedAt + Math.max(0, restored.openUntil - clock.wallTime())
  }

  /** Lets a call through, as the generation that it belongs to, or throws. */
  admit(): number {
    if (this.state === 'closed') return this.generation
    const { clock, probes, maxProbeMs } = this.#rules
    const now = clock.now()
    if (this.state === 'open') {
      if (now < this.#openUntil) throw this.#refusal(this.#openUntil - now)
      this.#halfOpen()
    } else if (this.#probesRunning > 0 && now - this.#probingSince >= maxProbeMs) {
      this.open('probe')
      throw this.#refusal(this.#openUntil - now)
    }
    if (this.#probesRunning + this.#probesSucceeded >= probes) throw this.#refusal(undefined)
    if (this.#probesRunning === 0) this.#probingSince = now
    this.#probesRunning += 1
    return this.generation
  }

  succeed(generation: number): void {
    if (generation !== this.generation) return
    if (this.state === 'closed') {
      this.#rules.window.note(false)
      return
    }
    this.#probesRunning -= 1
    this.#probesSucceeded += 1
    if (this.#probesSucceeded >= this.#rules.probes) this.#close()
  }

  fail(generation: number): void {
    if (generation !== this.generation) return
    if (this.state === 'half-open') this.open('probe')
    else if (this.#rules.window.note(true)) this.open('failures')
  }

  /** Ends a call that says nothing about the upstream. */
  release(generation: number): void {
    if (generation === this.generation && this.state === 'half-open') this.#probesRunning -= 1
  }

  open(because: CircuitOpened['because'], forMs?: number): void {
    const { clock, openForMs, maxOpenForMs, random, name, onEvent, publish } = this.#rules
    if (this.state === 'closed') this.#troubleSince = clock.now()
    this.#change('open')
    this.#opens += 1
    const grown = Math.min(maxOpenForMs, openForMs * 2 ** (this.#opens - 1))
    const duration = forMs ?? grown * (1 + random() / 4)
    this.#openedAt = clock.now()
    this.#openUntil = this.#openedAt + duration
    if (because !== 'shared') publish?.(duration)
    emit(onEvent, {
      type: 'circuit-opened',
      name,
      because,
      openForMs: duration,
      opens: this.#opens,
    })
  }

  snapshot(): CircuitSnapshot {
    const { clock } = this.#rules
    if (this.state === 'closed') return { state: 'closed', openUntil: 0, opens: this.#opens }
    const left = this.state === 'open' ? Math.max(0, this.#openUntil - clock.now()) : 0
    return { state: 'open', openUntil: clock.wallTime() + left, opens: this.#opens }
  }

  #halfOpen(): void {
    const { probes, name, onEvent } = this.#rules
    this.#change('half-open')
    emit(onEvent, { type: 'circuit-half-opened', name, probes })
  }

  #close(): void {
    const { clock, window, name, onEvent, publish } = this.#rules
    this.#change('closed')
    this.#opens = 0
    window.clear()
    publish?.(0)
    const durationMs = clock.now() - this.#troubleSince
    emit(onEvent, { type: 'circuit-closed', name, durationMs })
  }

  #change(state: CircuitState): void {
    this.state = state
    this.generation += 1
    this.#probesRunning = 0
    this.#probesSucceeded = 0
  }

  #refusal(retryAfterMs: number | undefined): CircuitOpenError {
    const { name, onEvent } = this.#rules
    emit(onEvent, { type: 'call-refused', name, by: 'circuit', retryAfterMs })
    const when = retryAfterMs === undefined ? 'its probes are under way' : 'it opened'
    return new CircuitOpenError(`The circuit lets nothing through, since ${when}.`, retryAfterMs)
  }
}
