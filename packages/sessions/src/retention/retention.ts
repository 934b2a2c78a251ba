import { type Clock, systemClock } from '../clock/clock.ts'
import { InputInvalidError } from '../errors/errors.ts'
import type { SessionStore } from '../store/store.ts'

/** What a round of {@link keepFor} came to. */
export type RetentionEvent =
  | { readonly type: 'sessions-expired'; readonly sessions: number }
  | { readonly type: 'retention-failed'; readonly error: unknown }

/** Options for {@link keepFor}. */
export interface RetentionOptions {
  /** How long a session is kept after its last change, in milliseconds, above 0. */
  readonly maxIdleMs: number
  /**
   * Time between two rounds, in milliseconds, from 1 to 2,147,483,647.
   * @defaultValue 3_600_000
   */
  readonly everyMs?: number | undefined
  /** Told what each round came to. What it throws is ignored. */
  readonly onEvent?: ((event: RetentionEvent) => void) | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/** Deletes old sessions until it is ended. */
export interface Retention extends AsyncDisposable {
  /** Ends it, and waits for a round that is under way. */
  close(): Promise<void>
}

const longestTimerMs = 2_147_483_647

/**
 * Deletes sessions that did not change for a time: now, and again and again.
 *
 * A round that fails is told to the listener, and the next one tries again. It does not keep the
 * process alive. Several processes may do it to one store.
 *
 * @throws {@link InputInvalidError} at once, when an option cannot be.
 *
 * @example
 * ```ts
 * import { keepFor, memoryStore } from '@t2t/sessions'
 *
 * const ninetyDaysMs = 90 * 86_400_000
 * await using retention = keepFor(memoryStore(), { maxIdleMs: ninetyDaysMs })
 * ```
 */
export function keepFor(store: Pick<SessionStore, 'upkeep'>, options: RetentionOptions): Retention {
  const { maxIdleMs, everyMs = 3_600_000, onEvent, clock = systemClock } = options
  if (!(maxIdleMs > 0 && Number.isFinite(maxIdleMs))) {
    throw new InputInvalidError(
      'maxIdleMs',
      `maxIdleMs must be a number above 0, got ${maxIdleMs}.`,
    )
  }
  if (!(everyMs >= 1 && everyMs <= longestTimerMs)) {
    throw new InputInvalidError(
      'everyMs',
      `everyMs must be from 1 to ${longestTimerMs}, got ${everyMs}.`,
    )
  }
  const tell = (event: RetentionEvent): void => {
    try {
      onEvent?.(event)
    } catch {
      // Whoever listens must not keep old sessions alive.
    }
  }
  const round = async (): Promise<void> => {
    try {
      const sessions = await store.upkeep.deleteInactive(new Date(clock.now() - maxIdleMs))
      tell({ type: 'sessions-expired', sessions })
    } catch (error) {
      tell({ type: 'retention-failed', error })
    }
  }

  let isRunning = false
  let running = Promise.resolve()
  const start = (): void => {
    if (isRunning) return
    isRunning = true
    running = round().finally(() => (isRunning = false))
  }
  start()
  const timer = setInterval(start, everyMs)
  timer.unref()
  const close = async (): Promise<void> => {
    clearInterval(timer)
    await running
  }
  return { close, [Symbol.asyncDispose]: close }
}
