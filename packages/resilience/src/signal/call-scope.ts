import type { CallBudget } from '../budget/call-budget.ts'
import type { OperationContext } from '../policy/policy.ts'

/** Who is told when the caller of a scope is no longer interested. */
export interface ScopeOwner {
  callerAborted(reason: unknown): void
}

/**
 * The context of a call that can be ended on its own.
 *
 * It follows its caller's signal: through a list when the caller is a scope too, through one
 * listener otherwise. Both are far cheaper than `AbortSignal.any`.
 */
export class CallScope implements OperationContext {
  readonly signal: AbortSignal
  readonly deadline: number | undefined
  readonly budget: CallBudget | undefined
  readonly #controller = new AbortController()
  readonly #caller: OperationContext
  readonly #owner: ScopeOwner
  #inner: Set<CallScope> | CallScope | undefined
  #listener: (() => void) | undefined

  constructor(
    caller: OperationContext,
    owner: ScopeOwner,
    deadline: number | undefined = caller.deadline,
    budget: CallBudget | undefined = caller.budget,
  ) {
    this.signal = this.#controller.signal
    this.deadline = deadline
    this.budget = budget
    this.#caller = caller
    this.#owner = owner
    if (caller instanceof CallScope) {
      caller.#adopt(this)
    } else {
      this.#listener = () => this.#followCaller(caller.signal.reason)
      caller.signal.addEventListener('abort', this.#listener)
    }
  }

  /** Aborts the call itself, not its caller. */
  abort(reason: unknown): void {
    this.#controller.abort(reason)
    const inner = this.#inner
    if (inner === undefined) return
    if (inner instanceof CallScope) inner.#followCaller(reason)
    else for (const scope of inner) scope.#followCaller(reason)
  }

  /** Stops following the caller. */
  unlink(): void {
    const caller = this.#caller
    if (caller instanceof CallScope) {
      caller.#release(this)
    } else if (this.#listener !== undefined) {
      caller.signal.removeEventListener('abort', this.#listener)
      this.#listener = undefined
    }
  }

  #followCaller(reason: unknown): void {
    this.unlink()
    this.#owner.callerAborted(reason)
    this.abort(reason)
  }

  #adopt(scope: CallScope): void {
    if (this.#inner === undefined) this.#inner = scope
    else if (this.#inner instanceof CallScope) this.#inner = new Set([this.#inner, scope])
    else this.#inner.add(scope)
  }

  #release(scope: CallScope): void {
    if (this.#inner === scope) this.#inner = undefined
    else if (this.#inner instanceof Set) this.#inner.delete(scope)
  }
}
