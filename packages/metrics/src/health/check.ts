import type { Clock } from '../clock/clock.ts'
import { errorType } from '../errors/error-type.ts'

/** How well something works. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/**
 * Finds out whether one thing works. Resolves when it does, or with what is wrong; a rejection
 * means that it does not work. The signal aborts at the deadline.
 */
export type Check = (signal: AbortSignal) => Promise<CheckFinding | void>

/** What a check found. */
export interface CheckFinding {
  readonly status: HealthStatus
  /** One sentence without secrets; shown only in the detailed report. */
  readonly reason?: string | undefined
}

/** One check and how it counts. */
export interface HealthCheckOptions {
  readonly check: Check
  /**
   * Time after which the check counts as failed, in milliseconds, from 1 up.
   * @defaultValue 1000
   */
  readonly timeoutMs?: number | undefined
  /**
   * Whether the server is of no use without it. A failing check that is not critical makes the
   * whole `degraded`, never `unhealthy`.
   * @defaultValue true
   */
  readonly critical?: boolean | undefined
}

/** How one thing is. */
export interface CheckReport {
  readonly status: HealthStatus
  readonly isCritical: boolean
  readonly durationMs: number
  readonly reason?: string | undefined
}

/** Runs one check; it ends at its deadline whatever the check does. */
export async function runCheck(options: HealthCheckOptions, clock: Clock): Promise<CheckReport> {
  const { check, timeoutMs = 1_000, critical = true } = options
  const start = clock.now()
  const deadline = new AbortController()
  const over = new AbortController()

  const late = clock.sleep(timeoutMs, over.signal).then((): CheckFinding => {
    if (!over.signal.aborted) deadline.abort()
    return { status: 'unhealthy', reason: `no answer within ${timeoutMs} ms` }
  })
  const found = await Promise.race([attempt(check, deadline.signal), late])
  over.abort()
  return {
    status: found.status,
    isCritical: critical,
    durationMs: clock.now() - start,
    ...(found.reason === undefined ? {} : { reason: found.reason }),
  }
}

async function attempt(
  check: HealthCheckOptions['check'],
  signal: AbortSignal,
): Promise<CheckFinding> {
  try {
    return (await check(signal)) ?? { status: 'healthy' }
  } catch (error) {
    // Messages of errors can hold addresses and secrets; the type says enough.
    return { status: 'unhealthy', reason: `failed with ${errorType(error)}` }
  }
}
