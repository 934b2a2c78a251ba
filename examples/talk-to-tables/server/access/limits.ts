import { createRateLimiter, type RateLimiter, type ResilienceListener } from '@t2t/resilience'
import type { RoleConfig, ServerConfig } from '../config/schema.ts'
import type { Caller } from './caller.ts'

type LimitStore = NonNullable<Parameters<typeof createRateLimiter>[0]['store']>

export interface LimitsOptions {
  /** @defaultValue the memory of this process */
  readonly store?: LimitStore | undefined
  readonly onEvent: ResilienceListener
}

/** What a caller used up, and when there is more. */
export interface LimitReached {
  readonly what: 'questions' | 'tokens' | 'concurrent'
  readonly retryAfterMs: number
}

/** A question that was let in. */
export interface Admitted {
  /** Takes what the model used from the budget of the caller, and makes room for the next. */
  done(tokens: number): Promise<void>
}

/** Rate limits and budgets of every caller. */
export interface Limits {
  /** Counts a question; says what is used up when it must not be asked now. */
  admit(caller: Caller): Promise<Admitted | LimitReached>
  /** How many questions each caller is asking now. */
  running(): ReadonlyMap<string, number>
}

const dayInSeconds = 86_400

/** Makes the limits that the roles of a configuration name. */
export function createLimits({ roles }: ServerConfig, options: LimitsOptions): Limits {
  const limiters = new Map(
    Object.entries(roles).map(([role, config]) => [role, limitersOf(role, config, options)]),
  )
  const running = new Map<string, number>()

  return {
    running: () => running,
    async admit(caller) {
      const {
        questions,
        tokens,
        concurrent = Number.POSITIVE_INFINITY,
      } = limiters.get(caller.role) ?? {}
      const now = running.get(caller.id) ?? 0
      if (now >= concurrent) return { what: 'concurrent', retryAfterMs: 1_000 }
      running.set(caller.id, now + 1)
      const leave = (): void => {
        const left = (running.get(caller.id) ?? 1) - 1
        if (left > 0) running.set(caller.id, left)
        else running.delete(caller.id)
      }
      try {
        const asked = await questions?.take(`questions:${caller.id}`)
        if (asked?.allowed === false) {
          leave()
          return { what: 'questions', retryAfterMs: asked.retryAfterMs }
        }
        const budget = await tokens?.take(`tokens:${caller.id}`, 1)
        if (budget?.allowed === false) {
          leave()
          return { what: 'tokens', retryAfterMs: budget.retryAfterMs }
        }
      } catch (error) {
        leave()
        throw error
      }
      let isDone = false
      return {
        async done(used) {
          if (isDone) return
          isDone = true
          leave()
          await tokens?.settle(`tokens:${caller.id}`, 1, used)
        },
      }
    },
  }
}

function limitersOf(
  role: string,
  { limits }: RoleConfig,
  { store, onEvent }: LimitsOptions,
): {
  readonly questions?: RateLimiter | undefined
  readonly tokens?: RateLimiter | undefined
  readonly concurrent?: number | undefined
} {
  const { questions_per_minute: perMinute, tokens_per_day: perDay, concurrent } = limits
  const limiter = (what: string, ratePerSec: number, burst: number): RateLimiter =>
    createRateLimiter({ name: `${role}-${what}`, ratePerSec, burst, store, onEvent })
  return {
    ...(perMinute !== undefined && {
      questions: limiter('questions', perMinute / 60, Math.max(1, Math.floor(perMinute))),
    }),
    ...(perDay !== undefined && {
      tokens: limiter('tokens', perDay / dayInSeconds, Math.max(1, Math.floor(perDay))),
    }),
    concurrent,
  }
}
