import { type Clock, systemClock } from '../clock/clock.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { type CheckReport, type HealthCheckOptions, type HealthStatus, runCheck } from './check.ts'

/** Options for {@link createHealth}. */
export interface HealthOptions {
  /** By name; the name appears in reports. */
  readonly checks: Readonly<Record<string, HealthCheckOptions>>
  /**
   * How long a report is reused, in milliseconds, from 0 up, so that probes cost little.
   * @defaultValue 1000
   */
  readonly cacheMs?: number | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/** How everything is. Reasons are for those who may see them: use {@link publicHealth} for others. */
export interface HealthReport {
  readonly status: HealthStatus
  readonly checks: Readonly<Record<string, CheckReport>>
  /** One sentence for each check that is not healthy, in the order of the checks. */
  readonly reasons: readonly string[]
  /** UTC, ISO 8601. */
  readonly checkedAt: string
}

/** Whether requests should be sent here. */
export interface Readiness {
  readonly isReady: boolean
  readonly reasons: readonly string[]
}

/** Tells how a server is. */
export interface Health {
  /** Runs the checks in parallel, or gives the report of a moment ago. Never rejects. */
  report(): Promise<HealthReport>
  /** Says whether requests should be sent here: not when unhealthy, and not after `drain`. */
  readiness(): Promise<Readiness>
  /** Makes the server not ready from now on; call it first when the process is to end. */
  drain(): void
}

/**
 * Creates the health of a server from checks of what it depends on.
 *
 * Checks run in parallel, each with its own deadline; asking again while they run joins the same
 * run. A check that ignores its signal counts as failed at its deadline all the same.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { createHealth } from '@t2t/metrics'
 *
 * const health = createHealth({
 *   checks: {
 *     database: { check: async () => undefined, timeoutMs: 500 },
 *     model: { check: async () => ({ status: 'degraded' }), critical: false },
 *   },
 * })
 * const { isReady } = await health.readiness()
 * ```
 */
export function createHealth(options: HealthOptions): Health {
  const { checks, cacheMs = 1_000, clock = systemClock } = options
  if (!Number.isFinite(cacheMs) || cacheMs < 0) {
    throw new OptionInvalidError(`cacheMs must be a number from 0 up, got ${cacheMs}.`)
  }
  for (const [name, { timeoutMs = 1_000 }] of Object.entries(checks)) {
    if (!Number.isFinite(timeoutMs) || timeoutMs < 1) {
      throw new OptionInvalidError(
        `timeoutMs of check ${name} must be a number from 1 up, got ${timeoutMs}.`,
      )
    }
  }

  let isDraining = false
  let known: { readonly report: HealthReport; readonly until: number } | undefined
  let running: Promise<HealthReport> | undefined

  async function run(): Promise<HealthReport> {
    const results = await Promise.all(
      Object.entries(checks).map(
        async ([name, check]) => [name, await runCheck(check, clock)] as const,
      ),
    )
    const now = clock.now()
    const report: HealthReport = {
      status: overall(results.map(([, result]) => result)),
      checks: Object.fromEntries(results),
      reasons: results.flatMap(([name, { status, reason }]) =>
        status === 'healthy'
          ? []
          : [`${name} is ${status}${reason === undefined ? '' : `: ${reason}`}`],
      ),
      checkedAt: new Date(now).toISOString(),
    }
    known = { report, until: now + cacheMs }
    return report
  }

  async function report(): Promise<HealthReport> {
    if (known !== undefined && clock.now() < known.until) return known.report
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    report,
    async readiness() {
      if (isDraining) return { isReady: false, reasons: ['the server is ending'] }
      const { status, reasons } = await report()
      return { isReady: status !== 'unhealthy' && !isDraining, reasons }
    },
    drain() {
      isDraining = true
    },
  }
}

/** Leaves out everything that only operators may see: reasons, and what a check found. */
export function publicHealth(report: HealthReport): Pick<HealthReport, 'status' | 'checkedAt'> {
  return { status: report.status, checkedAt: report.checkedAt }
}

function overall(checks: readonly CheckReport[]): HealthStatus {
  if (checks.some(({ status, isCritical }) => isCritical && status === 'unhealthy')) {
    return 'unhealthy'
  }
  return checks.every(({ status }) => status === 'healthy') ? 'healthy' : 'degraded'
}
