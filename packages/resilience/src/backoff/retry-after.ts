import {
  headerReader,
  readDate,
  readDuration,
  readNumber,
  type HeadersLike,
} from './read-headers.ts'

type Read = (name: string) => string | undefined

/**
 * Reads how long a server asks to wait, in milliseconds; `undefined` when it does not say.
 *
 * In this order: `retry-after-ms`, `x-ms-retry-after-ms`, `retry-after` (seconds or a date, which
 * is compared with the response's own `date`), then the reset headers of model providers and of
 * the rate limit draft. A reset counts only when nothing remains of its limit, or when the status
 * is 429 and nothing says what remains: some providers send it with every response.
 *
 * @example
 * ```ts
 * import { retryAfterFromHeaders } from '@t2t/resilience'
 *
 * const response = await fetch('https://rates.example')
 * const pauseMs = retryAfterFromHeaders(response.headers, { status: response.status })
 * ```
 */
export function retryAfterFromHeaders(
  headers: HeadersLike,
  options: { readonly status?: number | undefined; readonly wallTime?: number | undefined } = {},
): number | undefined {
  const { status, wallTime = Date.now() } = options
  const read = headerReader(headers)
  const served = readDate(read('date') ?? '') ?? wallTime
  return (
    readNumber(read('retry-after-ms')) ??
    readNumber(read('x-ms-retry-after-ms')) ??
    secondsOrDate(read('retry-after'), served) ??
    longestReset(read, status, served)
  )
}

function secondsOrDate(text: string | undefined, served: number): number | undefined {
  if (text === undefined) return undefined
  const seconds = readNumber(text)
  if (seconds !== undefined) return seconds * 1_000
  const date = readDate(text)
  return date === undefined ? undefined : Math.max(0, date - served)
}

/** Pairs of what says when a limit is full again, and what says how much of it is left. */
const resets: readonly (readonly [reset: string, remaining: string])[] = [
  ['x-ratelimit-reset-requests', 'x-ratelimit-remaining-requests'],
  ['x-ratelimit-reset-tokens', 'x-ratelimit-remaining-tokens'],
  ['anthropic-ratelimit-requests-reset', 'anthropic-ratelimit-requests-remaining'],
  ['anthropic-ratelimit-tokens-reset', 'anthropic-ratelimit-tokens-remaining'],
  ['anthropic-ratelimit-input-tokens-reset', 'anthropic-ratelimit-input-tokens-remaining'],
  ['anthropic-ratelimit-output-tokens-reset', 'anthropic-ratelimit-output-tokens-remaining'],
  ['x-ratelimit-reset', 'x-ratelimit-remaining'],
  ['ratelimit-reset', 'ratelimit-remaining'],
]

function longestReset(read: Read, status: number | undefined, served: number): number | undefined {
  const counts = (remaining: string | undefined): boolean =>
    remaining === undefined ? status === 429 : Number(remaining) === 0
  const found = resets
    .filter(([, remaining]) => counts(read(remaining)))
    .map(([reset]) => resetToPause(read(reset), served))
  const draft = draftLimit(read('ratelimit'))
  if (draft !== undefined && counts(draft.remaining)) found.push(draft.pauseMs)
  const pauses = found.filter((pause) => pause !== undefined)
  return pauses.length === 0 ? undefined : Math.max(...pauses)
}

/** A duration, a date, seconds, or seconds or milliseconds since 1970. */
function resetToPause(text: string | undefined, served: number): number | undefined {
  if (text === undefined) return undefined
  const number = readNumber(text)
  if (number !== undefined) {
    if (number > 1e12) return Math.max(0, number - served)
    if (number > 1e9) return Math.max(0, number * 1_000 - served)
    return number * 1_000
  }
  const date = readDate(text)
  return date === undefined ? readDuration(text) : Math.max(0, date - served)
}

/** The `RateLimit` field of the draft: `"default";r=0;t=30`. */
function draftLimit(
  text: string | undefined,
): { readonly remaining: string | undefined; readonly pauseMs: number | undefined } | undefined {
  if (text === undefined) return undefined
  const seconds = readNumber(/(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(text)?.[1])
  return {
    remaining: /(?:^|[;,\s])(?:r|remaining)=(\d+)/.exec(text)?.[1],
    pauseMs: seconds === undefined ? undefined : seconds * 1_000,
  }
}
