import { roundingMs } from '../clock/clock.ts'
import type { RateLimit, RateLimitTake } from './rate-limit-store.ts'

/**
 * One step of the generic cell rate algorithm, which is a token bucket kept as a single number: the
 * reading of the clock at which the bucket is full again.
 */
export function takeFrom(
  fullAt: number,
  now: number,
  cost: number,
  limit: RateLimit,
): { readonly fullAt: number; readonly take: RateLimitTake } {
  const perUnitMs = 1_000 / limit.ratePerSec
  const burstMs = limit.burst * perUnitMs
  const next = Math.max(fullAt, now) + cost * perUnitMs
  const waitMs = Math.max(0, next - now - burstMs)
  if (cost > limit.burst || waitMs > (limit.maxWaitMs ?? 0) + roundingMs) {
    const remaining = unitsLeft(fullAt, now, perUnitMs, burstMs)
    const retryAfterMs = cost > limit.burst ? Number.POSITIVE_INFINITY : waitMs
    return { fullAt, take: { allowed: false, remaining, waitMs: 0, retryAfterMs } }
  }
  const remaining = unitsLeft(next, now, perUnitMs, burstMs)
  return {
    fullAt: next,
    take: { allowed: true, remaining, waitMs: waitMs > roundingMs ? waitMs : 0, retryAfterMs: 0 },
  }
}

function unitsLeft(fullAt: number, now: number, perUnitMs: number, burstMs: number): number {
  const leftMs = burstMs - Math.max(0, fullAt - now)
  return Math.max(0, Math.floor(leftMs / perUnitMs + roundingMs))
}
