import {
  budget,
  bulkhead,
  circuitBreaker,
  consecutiveFailures,
  createMemoryRateLimitStore,
  fallback,
  hedge,
  pipe,
  rateLimit,
  retry,
  standardStack,
  timeout,
  type Policy,
} from '@t2t/resilience'
import { policyContract, type PolicyContractSubject } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'

const subjects: Readonly<Record<string, PolicyContractSubject>> = {
  retry: (options) => retry(options),
  timeout: (options) => timeout({ afterMs: 1_000, ...options }),
  'nested timeouts': (options) =>
    pipe(timeout({ afterMs: 2_000, ...options }), timeout({ afterMs: 1_000, ...options })),
  'circuit breaker': (options) => circuitBreaker({ opensWhen: consecutiveFailures(5), ...options }),
  'half-open circuit breaker': (options) =>
    circuitBreaker({ probes: 2, restore: { state: 'open', openUntil: 0, opens: 1 }, ...options }),
  'rate limit': (options) => rateLimit({ ratePerSec: 5, burst: 5, ...options }),
  'rate limit with an asynchronous store': (options) => {
    const memory = createMemoryRateLimitStore({ clock: options.clock })
    return rateLimit({
      ratePerSec: 5,
      burst: 5,
      store: {
        take: async (...terms) => memory.take(...terms),
        adjust: async (...terms) => memory.adjust(...terms),
      },
      ...options,
    })
  },
  bulkhead: (options) => bulkhead({ maxConcurrent: 5, ...options }),
  hedge: (options) => hedge({ afterMs: 100, ...options }),
  budget: (options) => budget({ withinMs: 1_000, maxExtraAttempts: 3, ...options }),
  fallback: (options) => fallbackAsPolicy(options),
  'standard stack': (options) =>
    standardStack({
      limit: { ratePerSec: 5, burst: 5 },
      bulkhead: { maxConcurrent: 5 },
      ...options,
    }),
  'hedged stack': (options) => standardStack({ hedge: { afterMs: 100 }, ...options }),
}

function fallbackAsPolicy({ onEvent }: Parameters<PolicyContractSubject>[0]): Policy {
  return fallback(
    () => {
      throw new Error('The fallback was used.')
    },
    { shouldFallBack: () => false, onEvent },
  )
}

describe.for(Object.entries(subjects))('%s', ([, create]) => {
  it.for(policyContract)('$promise', async ({ check }) => {
    await expect(check(create)).resolves.toBeUndefined()
  })
})
