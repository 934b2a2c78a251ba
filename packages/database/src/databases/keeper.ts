import { QueryFailedError } from '../errors/errors.ts'
import type { Now } from '../read/deadline.ts'

/** Keeps what was seen of a database, and looks again when that is due. */
export interface Keeper<Sight> {
  /** What was seen last; looks again in the background when it is too old. */
  current(): Sight
  /** Looks again, together with whoever does so at the same time. */
  refresh(signal: AbortSignal): Promise<Sight>
  /** Looks again in the background when an error says that what is known does not hold any more. */
  doubt(error: unknown): void
}

/** Starts with what was seen. A look in the background that fails leaves everything as it is. */
export function createKeeper<Sight>(
  first: Sight,
  options: {
    readonly look: () => Promise<Sight>
    readonly maxAgeMs: number | undefined
    readonly now: Now
  },
): Keeper<Sight> {
  const { look, maxAgeMs = Number.POSITIVE_INFINITY, now } = options
  let sight = first
  let seenAt = now()
  let looking: Promise<Sight> | undefined

  const again = (): Promise<Sight> =>
    (looking ??= look()
      .then((seen) => (sight = seen))
      .finally(() => {
        seenAt = now()
        looking = undefined
      }))
  const inBackground = (): void => {
    again().catch(() => {})
  }

  return {
    current() {
      if (now() - seenAt > maxAgeMs) inBackground()
      return sight
    },
    async refresh(signal) {
      signal.throwIfAborted()
      const left = Promise.withResolvers<never>()
      const leave = (): void => left.reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      try {
        return await Promise.race([again(), left.promise])
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
    doubt(error) {
      if (error instanceof QueryFailedError && saysUnknownName(error)) inBackground()
    },
  }
}

/** The guard knew the name, the engine does not: somebody changed a table meanwhile. */
function saysUnknownName({ engineCode = '', message }: QueryFailedError): boolean {
  return /^(?:42P01|42703|1054|1146)$/.test(engineCode) || message.startsWith('SQLite: no such ')
}
