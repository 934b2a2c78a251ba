import type { EventEmitter } from 'node:events'
import { QueryFailedError } from '../errors/errors.ts'

/** Bytes of one row on its way from a server, at the most; drivers keep a row until all of it is there. */
const maxRowBytes = 64 * 1024 * 1024

/** Watches how much of one row has come. */
export interface RowMeter {
  /** Says that a row was complete. */
  rowCame(): void
  stop(): void
}

/**
 * Counts what comes over a stream since the last row, and calls `end` when no row can be so large.
 *
 * Without it, one value of half a gigabyte is more than a JavaScript string can be, and the driver
 * throws where nobody can catch it.
 */
export function watchRows(
  stream: Pick<EventEmitter, 'on' | 'off'>,
  end: (error: QueryFailedError) => void,
): RowMeter {
  let received = 0
  const take = (bytes: Uint8Array): void => {
    received += bytes.length
    if (received <= maxRowBytes) return
    stream.off('data', take)
    end(new QueryFailedError(`A row is larger than ${maxRowBytes} bytes.`))
  }
  stream.on('data', take)
  return {
    rowCame() {
      received = 0
    },
    stop: () => stream.off('data', take),
  }
}
