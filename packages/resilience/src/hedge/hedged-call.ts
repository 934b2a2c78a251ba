import type { RetryBudget } from '../budget/retry-budget.ts'
import type { Clock } from '../clock/clock.ts'
import type { DeadlineGroup, DeadlineWatch, Expiring } from '../clock/deadline-watch.ts'
import type { CallHedged } from '../events/events.ts'
import type { Operation, OperationContext } from '../policy/policy.ts'
import { start } from '../policy/start.ts'
import { CallScope, type ScopeOwner } from '../signal/call-scope.ts'
import { isStreaming } from '../signal/streaming.ts'

/** The options of a hedge, complete. */
export interface HedgeRules {
  readonly afterMs: number
  readonly maxAttempts: number
  readonly shouldRetry: (error: unknown) => boolean
  readonly budget: RetryBudget | undefined
  readonly clock: Clock
  readonly watch: DeadlineWatch
  readonly group: DeadlineGroup
  readonly hedged: (attempt: number, because: CallHedged['because']) => void
}

interface Settle<Value> {
  readonly resolve: (value: Value) => void
  readonly reject: (error: unknown) => void
}

/** One call and its copies: the first success wins, the others are aborted. */
export class HedgedCall<Value> implements Expiring, ScopeOwner {
  expiresAt = 0
  earlier: Expiring | undefined
  later: Expiring | undefined
  readonly #rules: HedgeRules
  readonly #operation: Operation<Value>
  readonly #context: OperationContext
  readonly #running = new Set<CallScope>()
  #attempts = 0
  #settle: Settle<Value> | undefined

  constructor(rules: HedgeRules, operation: Operation<Value>, context: OperationContext) {
    this.#rules = rules
    this.#operation = operation
    this.#context = context
  }

  run(): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#launch()
    })
  }

  /** The copies so far are slow. */
  expire(): void {
    this.#another('slow')
  }

  callerAborted(reason: unknown): void {
    this.#end()?.reject(reason)
  }

  #launch(): void {
    const { clock, watch, group, afterMs, maxAttempts } = this.#rules
    this.#attempts += 1
    if (this.#attempts < maxAttempts) {
      this.expiresAt = clock.now() + afterMs
      watch.add(group, this)
    }
    const scope = new CallScope(this.#context, this)
    this.#running.add(scope)
    start(this.#operation, scope).then(
      (value) => this.#succeed(scope, value),
      (error: unknown) => this.#fail(scope, error),
    )
  }

  #another(because: CallHedged['because']): boolean {
    const { maxAttempts, budget, hedged } = this.#rules
    if (this.#attempts >= maxAttempts) return false
    if (this.#context.budget?.takeExtraAttempt() === false) return false
    if (budget?.takeRepeat() === false) return false
    hedged(this.#attempts + 1, because)
    this.#launch()
    return true
  }

  #succeed(winner: CallScope, value: Value): void {
    const settle = this.#end()
    if (settle === undefined) return
    this.#running.delete(winner)
    if (!isStreaming(value)) winner.unlink()
    this.#abortRunning()
    settle.resolve(value)
  }

  #fail(scope: CallScope, error: unknown): void {
    if (this.#settle === undefined) return
    this.#running.delete(scope)
    scope.unlink()
    const isPassing = this.#rules.shouldRetry(error)
    if (isPassing) {
      this.#rules.watch.remove(this.#rules.group, this)
      if (this.#another('failed') || this.#running.size > 0) return
    }
    this.#end()?.reject(error)
    this.#abortRunning()
  }

  #abortRunning(): void {
    if (this.#running.size === 0) return
    const reason = new DOMException('Another copy of the call has settled it.', 'AbortError')
    for (const scope of this.#running) {
      scope.unlink()
      scope.abort(reason)
    }
    this.#running.clear()
  }

  #end(): Settle<Value> | undefined {
    const settle = this.#settle
    this.#settle = undefined
    if (settle !== undefined) this.#rules.watch.remove(this.#rules.group, this)
    return settle
  }
}
