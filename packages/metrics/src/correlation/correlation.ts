import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { formatTraceparent, parseTraceparent, type TraceContext } from './trace-context.ts'

/** What ties together everything that is done for one request. */
export interface Correlation {
  /** The caller's id when it was acceptable, else the trace id; 1 to 128 characters. */
  readonly id: string
  /** The trace, with a span of this process. */
  readonly trace: TraceContext
  /** `tracestate` of the caller, to be passed on as it is. */
  readonly traceState?: string | undefined
}

/** Options for {@link readCorrelation}. */
export interface ReadCorrelationOptions {
  /**
   * Gives a number of random bytes as lower-case hexadecimal digits.
   * @defaultValue random bytes of the system
   */
  readonly randomHex?: ((bytes: number) => string) | undefined
}

/** Anything that gives headers by name, such as the `headers` of a `Request`. */
export interface HeaderSource {
  get(name: string): string | null | undefined
}

const storage = new AsyncLocalStorage<Correlation>()
const acceptableId = /^[A-Za-z0-9._-]{1,128}$/
const acceptableState = /^[\x20-\x7e]{1,512}$/

/**
 * Reads who asks from `traceparent`, `tracestate` and `X-Correlation-ID` (or `X-Request-ID`).
 *
 * What is not valid is replaced and never repeated: ids of 1 to 128 letters, digits, `.`, `_` and
 * `-` are taken over, so that no header and no log line can be forged with them.
 */
export function readCorrelation(
  headers: HeaderSource,
  options: ReadCorrelationOptions = {},
): Correlation {
  const { randomHex = (bytes) => randomBytes(bytes).toString('hex') } = options
  const parent = parseTraceparent(headers.get('traceparent'))
  const state = headers.get('tracestate') ?? ''
  const trace: TraceContext = {
    traceId: parent?.traceId ?? randomHex(16),
    spanId: randomHex(8),
    isSampled: parent?.isSampled ?? false,
  }
  const given = headers.get('x-correlation-id') ?? headers.get('x-request-id') ?? ''
  return {
    id: acceptableId.test(given) ? given : trace.traceId,
    trace,
    // A state without a parent belongs to nobody.
    traceState: parent !== undefined && acceptableState.test(state) ? state : undefined,
  }
}

/**
 * Runs a function so that everything that it does, also later, finds the correlation.
 *
 * @example
 * ```ts
 * import { currentCorrelation, readCorrelation, withCorrelation } from '@t2t/metrics'
 *
 * const request = new Request('http://localhost/', { headers: { 'x-correlation-id': 'abc' } })
 * const id = await withCorrelation(readCorrelation(request.headers), async () => {
 *   return currentCorrelation()?.id
 * })
 * ```
 */
export function withCorrelation<Value>(correlation: Correlation, work: () => Value): Value {
  return storage.run(correlation, work)
}

/** Gives the correlation of what is running now; absent outside of {@link withCorrelation}. */
export function currentCorrelation(): Correlation | undefined {
  return storage.getStore()
}

/** Writes the headers for a request to another server, and for the response to the caller. */
export function correlationHeaders(correlation: Correlation): Readonly<Record<string, string>> {
  return { ...correlationMeta(correlation), 'x-correlation-id': correlation.id }
}

/** Writes what goes into `params._meta` of an MCP request. */
export function correlationMeta(correlation: Correlation): Readonly<Record<string, string>> {
  const { trace, traceState } = correlation
  return {
    traceparent: formatTraceparent(trace),
    ...(traceState === undefined ? {} : { tracestate: traceState }),
  }
}
