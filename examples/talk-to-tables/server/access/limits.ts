import { randomUUID } from 'node:crypto'
import {
  createRateLimiter,
  type LeaseStore,
  type RateLimiter,
  type ResilienceListener,
} from '@t2t/resilience'
import type { RoleConfig, ServerConfig } from '../config/schema.ts'
import type { Caller } from './caller.ts'

type LimitStore = NonNullable<Parameters<typeof createRateLimiter>[0]['store']>

export interface LimitsOptions {
  /** @defaultValue the memory of this process */
  readonly store?: LimitStore | undefined
  /**
   * Where places of questions that are asked at once are counted.
   * @defaultValue the memory of this process
   */
  readonly leases?: LeaseStore | undefined
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
  /** How many questions each caller is asking here now. */
  running(): ReadonlyMap<string, number>
}

const dayInSeconds = 86_400

/** Makes the limits that the roles of a configuration name. */
export function createLimits({ roles, server }: ServerConfig, options: LimitsOptions): Limits {
  const limiters = new Map(
    Object.entries(roles).map(([role, config]) => [role, limitersOf(role, config, options)]),
  )
  const running = new Map<string, number>()
  // A question has ended by then, also one whose process died.
  const leaseMs = (server.request_timeout + 30) * 1_000
  /** Takes a place among those of all processes; gives what gives it back, or nothing for none. */
  const takePlace = async (
    { id }: Caller,
    concurrent: number,
  ): Promise<(() => Promise<void>) | undefined> => {
    const { leases } = options
    if (leases === undefined || concurrent === Number.POSITIVE_INFINITY)
      return async () => undefined
    const [key, lease] = [`asking:${id}`, randomUUID()]
    try {
      if (!(await leases.acquire(key, lease, concurrent, leaseMs))) return undefined
    } catch {
      // The store is away: each process counts alone.
      return async () => undefined
    }
    return () => leases.release(key, lease).catch(() => undefined)
  }

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
      let givePlace: (() => Promise<void>) | undefined
      const leave = async (): Promise<void> => {
        const left = (running.get(caller.id) ?? 1) - 1
        if (left > 0) running.set(caller.id, left)
        else running.delete(caller.id)
        await givePlace?.()
      }
      try {
        givePlace = await takePlace(caller, concurrent)
        if (givePlace === undefined) {
          await leave()
          return { what: 'concurrent', retryAfterMs: 1_000 }
        }
        const asked = await questions?.take(`questions:${caller.id}`)
        if (asked?.allowed === false) {
          await leave()
          return { what: 'questions', retryAfterMs: asked.retryAfterMs }
        }
        const budget = await tokens?.take(`tokens:${caller.id}`, 1)
        if (budget?.allowed === false) {
          await leave()
          return { what: 'tokens', retryAfterMs: budget.retryAfterMs }
        }
      } catch (error) {
        await leave()
        throw error
      }
      let isDone = false
      return {
        async done(used) {
          if (isDone) return
          isDone = true
          await leave()
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
