import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import type { ResilienceListener } from '../events/events.ts'
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts'
import type { OperationContext, Policy } from './policy.ts'

/** What a policy under contract is created with. */
export interface PolicyContractOptions {
  readonly clock: FakeClock
  readonly onEvent: ResilienceListener
}

/** Creates the policy under contract; with options under which a single call passes. */
export type PolicyContractSubject = (options: PolicyContractOptions) => Policy

/** One promise that every policy keeps. */
export interface PolicyPromise {
  readonly promise: string
  readonly check: (create: PolicyContractSubject) => Promise<void>
}

/** An error that no policy has a reason to repeat. */
const fault = Object.assign(new Error('The operation failed.'), { retryable: false })

function hanging({ signal }: OperationContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => {
      signal.removeEventListener('abort', stop)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop)
  })
}

function setUp(create: PolicyContractSubject): {
  readonly clock: FakeClock
  readonly policy: Policy
} {
  const clock = createFakeClock({ advancesItself: false })
  return { clock, policy: create({ clock, onEvent: () => {} }) }
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  return assert.fail('The call did not fail.')
}

function nothingLeft(clock: FakeClock, ...signals: readonly AbortSignal[]): void {
  assert.equal(clock.pendingTimers, 0, 'A timer was left behind.')
  for (const signal of signals) {
    assert.equal(getEventListeners(signal, 'abort').length, 0, 'A listener was left behind.')
  }
}

/**
 * What every policy promises. Run it against a policy of your own.
 *
 * @example
 * ```ts
 * import type { Policy } from '@t2t/resilience'
 * import { policyContract } from '@t2t/resilience/testing'
 * import { it } from 'vitest'
 *
 * declare function shadow(): Policy
 * it.for(policyContract)('$promise', ({ check }) => check(() => shadow()))
 * ```
 */
export const policyContract: readonly PolicyPromise[] = [
  {
    promise: 'gives the value of an operation that succeeds, and leaves nothing behind',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const { signal } = new AbortController()
      const value = { rows: 3 }

      assert.equal(await policy(async () => value)({ signal }), value)
      nothingLeft(clock, signal)
    },
  },
  {
    promise: 'rethrows an error that is not to be repeated as it is, and leaves nothing behind',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const { signal } = new AbortController()

      assert.equal(await failureOf(policy(() => Promise.reject(fault))({ signal })), fault)
      nothingLeft(clock, signal)
    },
  },
  {
    promise: 'turns what an operation throws before it gives a promise into a rejection',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const { signal } = new AbortController()
      const throwing = (): never => {
        throw fault
      }

      assert.equal(await failureOf(policy(throwing)({ signal })), fault)
      nothingLeft(clock, signal)
    },
  },
  {
    promise: 'does not call the operation for a caller who is gone already',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const reason = { why: 'gone' }
      const signal = AbortSignal.abort(reason)
      let calls = 0
      const counting = async (): Promise<void> => {
        calls += 1
      }

      assert.equal(await failureOf(policy(counting)({ signal })), reason)
      assert.equal(calls, 0)
      nothingLeft(clock, signal)
    },
  },
  {
    promise: 'settles at once when the caller aborts, with the reason as it is',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const caller = new AbortController()
      const reason = { why: 'gone' }
      let inner: AbortSignal | undefined
      const running = failureOf(
        policy((context) => {
          inner = context.signal
          return hanging(context)
        })({ signal: caller.signal }),
      )
      await clock.advance(0)
      assert.ok(inner !== undefined, 'The operation was not called.')
      let isSettled = false
      const settled = running.then((failure) => {
        isSettled = true
        return failure
      })

      caller.abort(reason)
      await clock.advance(0)

      assert.ok(isSettled, 'The call did not settle.')
      assert.equal(await settled, reason)
      assert.equal(inner.reason, reason)
      nothingLeft(clock, caller.signal, inner)
    },
  },
  {
    promise: 'keeps calls apart: the abort of one does not touch another',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const first = new AbortController()
      const second = new AbortController()
      const signals: AbortSignal[] = []
      const wrapped = policy((context) => {
        signals.push(context.signal)
        return hanging(context)
      })
      const outcomes = [
        failureOf(wrapped({ signal: first.signal })),
        failureOf(wrapped({ signal: second.signal })),
      ]
      await clock.advance(0)

      first.abort('first')
      await outcomes[0]

      assert.equal(signals.filter(({ aborted }) => aborted).length, 1)
      second.abort('second')
      assert.deepEqual(await Promise.all(outcomes), ['first', 'second'])
      nothingLeft(clock, first.signal, second.signal)
    },
  },
  {
    promise: 'hands the deadline and the budget of the caller on',
    check: async (create) => {
      const { clock, policy } = setUp(create)
      const { signal } = new AbortController()
      const deadline = clock.now() + 5
      const budget = { takeExtraAttempt: () => true }
      let given: OperationContext | undefined

      await policy(async (context) => {
        given = context
      })({ signal, deadline, budget })

      assert.equal(given?.deadline, deadline)
      assert.ok(given?.budget !== undefined, 'The budget got lost.')
    },
  },
  {
    promise: 'has the same outcome when its listener throws',
    check: async (create) => {
      const clock = createFakeClock({ advancesItself: false })
      const policy = create({
        clock,
        onEvent: () => {
          throw new Error('The listener failed.')
        },
      })
      const { signal } = new AbortController()

      assert.equal(await policy(async () => 7)({ signal }), 7)
      assert.equal(await failureOf(policy(() => Promise.reject(fault))({ signal })), fault)
    },
  },
]
