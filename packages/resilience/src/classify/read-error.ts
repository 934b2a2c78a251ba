import { retryAfterFromHeaders } from '../backoff/retry-after.ts'
import type { HeadersLike } from '../backoff/read-headers.ts'
import { readDuration } from '../backoff/read-headers.ts'

/** How deep causes are followed: enough for a driver's error in a client's in a caller's. */
const deepest = 5

type Fields = Readonly<Record<PropertyKey, unknown>>

/** Views a value as fields that may or may not be there. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined
}

/** Lists an error, the errors that caused it, and the parts of an `AggregateError`. */
export function chainOf(error: unknown): readonly Fields[] {
  const chain: Fields[] = []
  const visit = (value: unknown, depth: number): void => {
    const fields = fieldsOf(value)
    if (fields === undefined || depth > deepest || chain.includes(fields)) return
    chain.push(fields)
    visit(fields['cause'], depth + 1)
    if (Array.isArray(fields['errors'])) {
      for (const part of fields['errors'].slice(0, deepest)) visit(part, depth + 1)
    }
  }
  visit(error, 0)
  return chain
}

/** The HTTP status that an error speaks of, under any of the names clients use. */
export function statusOf(error: Fields): number | undefined {
  const response = fieldsOf(error['response'])
  const candidates = [error['status'], error['statusCode'], response?.['status']]
  return candidates.find(
    (status): status is number =>
      typeof status === 'number' && Number.isInteger(status) && status >= 100 && status < 600,
  )
}

/** The parsed bodies that an error may carry, the innermost `error` object included. */
export function bodiesOf(error: Fields): readonly Fields[] {
  const response = fieldsOf(error['response'])
  const outer = [error['error'], error['data'], error['body'], response?.['data']]
    .map(fieldsOf)
    .filter((body) => body !== undefined)
  return outer.flatMap((body) => {
    const inner = fieldsOf(body['error'])
    return inner === undefined ? [body] : [body, inner]
  })
}

function headersOf(error: Fields): HeadersLike | undefined {
  const response = fieldsOf(error['response'])
  return [error['headers'], error['responseHeaders'], response?.['headers']]
    .map(fieldsOf)
    .find((headers) => headers !== undefined)
}

/** The pause in a `google.rpc.RetryInfo`, in milliseconds. */
function retryInfoOf(error: Fields): number | undefined {
  for (const body of [error, ...bodiesOf(error)]) {
    if (!Array.isArray(body['details'])) continue
    for (const detail of body['details']) {
      const delay = fieldsOf(detail)?.['retryDelay']
      if (typeof delay === 'string') return readDuration(delay)
    }
  }
  return undefined
}

/**
 * Reads from an error how long the server asked to wait, in milliseconds: its own `retryAfterMs`,
 * the response's headers (see {@link retryAfterFromHeaders}), or a `retryDelay` in the body.
 */
export function retryAfterOf(
  error: unknown,
  wallTime: () => number = () => Date.now(),
): number | undefined {
  for (const link of chainOf(error)) {
    const own = link['retryAfterMs']
    if (typeof own === 'number' && own >= 0 && own < Number.POSITIVE_INFINITY) return own
    const headers = headersOf(link)
    const asked =
      headers === undefined
        ? undefined
        : retryAfterFromHeaders(headers, { status: statusOf(link), wallTime: wallTime() })
    const pause = asked ?? retryInfoOf(link)
    if (pause !== undefined) return pause
  }
  return undefined
}
