import { retryAfterFromHeaders, retryAfterOf } from '@t2t/resilience'
import { describe, expect, it } from 'vitest'

const wallTime = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT')

describe('retryAfterFromHeaders', () => {
  it.for<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'Retry-After': '3' }, 3_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT' }, 0],
    [
      {
        'retry-after': 'Wed, 21 Oct 2026 08:00:30 GMT',
        date: 'Wed, 21 Oct 2026 08:00:00 GMT',
      },
      30_000,
    ],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    [{ 'x-ms-retry-after-ms': '125.5', 'retry-after': '1' }, 125.5],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after-ms': 'NaN', 'retry-after': '1' }, 1_000],
    [{}, undefined],
  ])('reads %o as %d', ([headers, expected]) => {
    expect(retryAfterFromHeaders(headers, { wallTime })).toBe(expected)
    expect(retryAfterFromHeaders(new Headers(headers), { wallTime })).toBe(expected)
  })

  it.for<[Record<string, string>, number | undefined]>([
    [{ 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-remaining-requests': '0' }, 1_000],
    [{ 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-tokens': '0' }, 360_000],
    [{ 'x-ratelimit-reset-tokens': '15ms', 'x-ratelimit-remaining-tokens': '0' }, 15],
    [{ 'x-ratelimit-reset-requests': '2m59.56s', 'x-ratelimit-remaining-requests': '0' }, 179_560],
    [
      {
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-tokens': '20s',
        'x-ratelimit-remaining-tokens': '0',
      },
      20_000,
    ],
    [
      {
        'anthropic-ratelimit-tokens-reset': '2026-10-21T07:28:05Z',
        'anthropic-ratelimit-tokens-remaining': '0',
      },
      5_000,
    ],
    [{ 'x-ratelimit-reset': '1792567690', 'x-ratelimit-remaining': '0' }, 10_000],
    [{ 'x-ratelimit-reset': '1792567690000', 'x-ratelimit-remaining': '0' }, 10_000],
    [{ 'ratelimit-reset': '7', 'ratelimit-remaining': '0' }, 7_000],
    [{ ratelimit: '"default";r=0;t=30' }, 30_000],
    [{ ratelimit: 'limit=100, remaining=0, reset=12' }, 12_000],
    [{ 'retry-after': '1', 'x-ratelimit-reset': '9', 'x-ratelimit-remaining': '0' }, 1_000],
  ])('falls back to the resets in %o: %d', ([headers, expected]) => {
    expect(retryAfterFromHeaders(headers, { wallTime })).toBe(expected)
  })

  it('takes a reset for a pause only when nothing remains, or when the status is 429', () => {
    const headers = { 'x-ratelimit-reset-tokens': '6m0s' }
    const withRest = { ...headers, 'x-ratelimit-remaining-tokens': '900' }

    expect(retryAfterFromHeaders(headers, { status: 500 })).toBeUndefined()
    expect(retryAfterFromHeaders(headers, { status: 429 })).toBe(360_000)
    expect(retryAfterFromHeaders(withRest, { status: 429 })).toBeUndefined()
  })
})

describe('retryAfterOf', () => {
  const headers = { 'retry-after': '4' }

  it.for<[string, object]>([
    ['headers', { status: 429, headers: new Headers(headers) }],
    ['responseHeaders', { statusCode: 429, responseHeaders: headers }],
    ['response.headers', { response: { status: 429, headers } }],
    ['retryAfterMs', { retryAfterMs: 4_000 }],
    ['a cause', { cause: Object.assign(new Error('Too many.'), { headers }) }],
    ['details of a body', { error: { details: [{ '@type': 'x' }, { retryDelay: '4s' }] } }],
    ['details of a nested body', { data: { error: { details: [{ retryDelay: '4s' }] } } }],
  ])('finds it in %s', ([, fields]) => {
    expect(retryAfterOf(Object.assign(new Error('Too many.'), fields))).toBe(4_000)
  })

  it('finds nothing where there is nothing', () => {
    expect(retryAfterOf(new Error('It failed.'))).toBeUndefined()
    expect(retryAfterOf({ retryAfterMs: Number.NaN })).toBeUndefined()
    expect(retryAfterOf({ retryAfterMs: -1 })).toBeUndefined()
    expect(retryAfterOf('a text')).toBeUndefined()
  })
})
