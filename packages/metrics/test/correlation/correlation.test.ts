import {
  correlationHeaders,
  correlationMeta,
  currentCorrelation,
  formatTraceparent,
  parseTraceparent,
  readCorrelation,
  withCorrelation,
} from '@t2t/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${spanId}-01`
const randomHex = (bytes: number): string => 'ab'.repeat(bytes)

describe('a traceparent', () => {
  it('is read and written', () => {
    const context = parseTraceparent(traceparent)

    expect(context).toEqual({ traceId, spanId, isSampled: true })
    expect(context && formatTraceparent(context)).toBe(traceparent)
  })

  it('may be of a later version, with more fields', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-03-more`)).toMatchObject({ isSampled: true })
  })

  it.for([
    undefined,
    null,
    '',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.slice(1)}-${spanId}-01`,
    ` ${traceparent}`,
    `${traceparent}\n`,
  ])('is not %j', (text) => {
    expect(parseTraceparent(text)).toBeUndefined()
  })

  it('survives a round trip, whatever the ids', () => {
    const hex = (length: number): fc.Arbitrary<string> =>
      fc
        .string({
          unit: fc.constantFrom(...'0123456789abcdef'.split('')),
          minLength: length,
          maxLength: length,
        })
        .filter((text) => !/^0+$/.test(text))
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (trace, span, isSampled) => {
        const context = { traceId: trace, spanId: span, isSampled }
        expect(parseTraceparent(formatTraceparent(context))).toEqual(context)
      }),
    )
  })
})

describe('a correlation', () => {
  it('goes on with the trace of the caller, in a span of its own', () => {
    const headers = new Headers({ traceparent, tracestate: 'a=1', 'x-correlation-id': 'order-7' })

    const correlation = readCorrelation(headers, { randomHex })

    expect(correlation).toEqual({
      id: 'order-7',
      trace: { traceId, spanId: 'ab'.repeat(8), isSampled: true },
      traceState: 'a=1',
    })
    expect(correlationHeaders(correlation)).toEqual({
      traceparent: `00-${traceId}-${'ab'.repeat(8)}-01`,
      tracestate: 'a=1',
      'x-correlation-id': 'order-7',
    })
    expect(correlationMeta(correlation)).not.toHaveProperty('x-correlation-id')
  })

  it('begins a trace, and is called like it, when the caller sent nothing', () => {
    expect(readCorrelation(new Headers(), { randomHex })).toEqual({
      id: 'ab'.repeat(16),
      trace: { traceId: 'ab'.repeat(16), spanId: 'ab'.repeat(8), isSampled: false },
      traceState: undefined,
    })
  })

  it('takes an X-Request-ID where there is no X-Correlation-ID', () => {
    expect(readCorrelation(new Headers({ 'x-request-id': 'r-1' })).id).toBe('r-1')
  })

  it('never repeats an id that could forge a header or a log line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
        const headers = { get: (name: string) => (name === 'x-correlation-id' ? given : null) }

        expect(readCorrelation(headers).id).toMatch(/^[A-Za-z0-9._-]{1,128}$/)
      }),
    )
  })

  it('drops a tracestate that belongs to no trace', () => {
    expect(readCorrelation(new Headers({ tracestate: 'a=1' })).traceState).toBeUndefined()
  })

  it('is found by everything that its function starts, and by nothing else', async () => {
    const [first, second] = ['first', 'second'].map((id) =>
      readCorrelation(new Headers({ 'x-correlation-id': id })),
    )
    if (first === undefined || second === undefined) throw new Error('No correlation.')
    const later = async (): Promise<string | undefined> => {
      await Promise.resolve()
      return currentCorrelation()?.id
    }

    const found = await Promise.all([
      withCorrelation(first, later),
      withCorrelation(second, later),
      later(),
    ])

    expect(found).toEqual(['first', 'second', undefined])
  })
})
