import { httpServerActive, httpServerDuration } from '../catalogue/area/server.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import { type Clock, systemClock } from '../clock/clock.ts'
import type { Meter } from '../meter/meter.ts'
import { quietly, secondsOf } from './quietly.ts'

/** How an HTTP request ended. */
export interface HttpEnd {
  /** The pattern of the route, such as `/api/sessions/:id`; never the path, which holds ids. */
  readonly route?: string | undefined
  /** Absent when no response was sent, because the client left. */
  readonly status?: number | undefined
}

/** Options for {@link observeHttp}. */
export interface ObserveHttpOptions {
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/**
 * Makes a function to call when a request arrives; it gives one to call when the request ended.
 *
 * Neither throws, and ending twice counts once. A method that is not of HTTP is counted as
 * `_OTHER`, and a status from 500 up as an error.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 *
 * @example
 * ```ts
 * import { createMeter, observeHttp } from '@t2t/metrics'
 *
 * const arrived = observeHttp(createMeter())
 * const ended = arrived('GET')
 * ended({ route: '/api/sessions/:id', status: 200 })
 * ```
 */
export function observeHttp(
  meter: Meter,
  options: ObserveHttpOptions = {},
): (method: string) => (end: HttpEnd) => void {
  const { clock = systemClock } = options
  const duration = meter.histogram(httpServerDuration)
  const active = meter.gauge(httpServerActive)
  const changeActive = quietly(({ change, method }: { change: number; method: string }) => {
    active.add(change, { [otelLabel.httpMethod]: method })
  })

  return (given) => {
    const method = methods.has(given) ? given : '_OTHER'
    const start = clock.now()
    let isOver = false
    changeActive({ change: 1, method })

    return quietly(({ route, status }) => {
      if (isOver) return
      isOver = true
      changeActive({ change: -1, method })
      duration.record(secondsOf(clock.now() - start), {
        [otelLabel.httpMethod]: method,
        [otelLabel.httpRoute]: route,
        [otelLabel.httpStatus]: status === undefined ? undefined : String(status),
        [otelLabel.errorType]: errorOf(status),
      })
    })
  }
}

const methods: ReadonlySet<string> = new Set(
  'CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE'.split(' '),
)

function errorOf(status: number | undefined): string | undefined {
  if (status === undefined) return 'client_left'
  return status >= 500 ? String(status) : undefined
}
