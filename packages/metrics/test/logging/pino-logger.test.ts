import { createOperation, readCorrelation, withCorrelation } from '@t2t/metrics'
import { createPinoLogger } from '@t2t/metrics/pino'
import { createFakeClock } from '@t2t/metrics/testing'
import { describe, expect, it } from 'vitest'

interface Captured {
  readonly logger: ReturnType<typeof createPinoLogger>
  readonly lines: () => readonly Record<string, unknown>[]
  readonly text: () => string
}

function capture(): Captured {
  let text = ''
  const destination = { write: (line: string) => void (text += line) }
  return {
    logger: createPinoLogger({ service: 'test', level: 'debug', destination }),
    lines: () => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])),
    text: () => text,
  }
}

describe('a logger', () => {
  it('writes JSON lines with level, time and service', () => {
    const { logger, lines } = capture()

    logger.warn({ database: 'shop' }, 'slow')

    expect(lines()).toMatchObject([
      { level: 'warn', service: 'test', database: 'shop', msg: 'slow' },
    ])
    expect(lines()[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  })

  it('adds the correlation of the request', () => {
    const { logger, lines } = capture()
    const correlation = readCorrelation(new Headers({ 'x-correlation-id': 'order-7' }))

    withCorrelation(correlation, () => logger.info('inside'))
    logger.info('outside')

    const [inside, outside] = lines()
    expect(inside).toMatchObject({
      correlation_id: 'order-7',
      trace_id: correlation.trace.traceId,
      span_id: correlation.trace.spanId,
    })
    expect(outside).not.toHaveProperty('correlation_id')
  })

  it('lets no secret, row or SQL through, on whichever way it comes', () => {
    const { logger, text } = capture()
    const error = new Error('hunter2', { cause: new Error('hunter2') })

    logger.info(
      { password: 'hunter2', deep: { sql: "SELECT 'hunter2'", rows: [['hunter2']] } },
      'a',
    )
    logger
      .child({ apiKey: 'hunter2' })
      .child({ rows: ['hunter2'] })
      .info('b')
    const child = logger.child({})
    child.setBindings({ secret: 'hunter2' })
    child.info('c')
    logger.info('postgres://ada:hunter2@db/shop')
    logger.info('%s', 'token=hunter2')
    logger.info({ a: 1 }, 'with %o and %j', { password: 'hunter2' }, { rows: ['hunter2'] })
    logger.error(error)
    logger.error(error, 'failed')
    logger.error({ err: error, error }, 'failed')

    expect(text()).not.toContain('hunter2')
    expect(text().trim().split('\n')).toHaveLength(9)
  })

  it('takes the name of an error for a message when it is given an error alone', () => {
    const { logger, lines } = capture()

    logger.error(new RangeError('hunter2'))

    expect(lines()).toMatchObject([
      { level: 'error', msg: 'RangeError', err: { type: 'RangeError' } },
    ])
  })
})

describe('an operation', () => {
  it('is logged with its time, and gives its value', async () => {
    const clock = createFakeClock()
    const { logger, lines } = capture()
    const operation = createOperation({ logger, clock })

    const value = await operation('read', async () => {
      clock.advance(25)
      return 42
    })

    expect(value).toBe(42)
    expect(lines()).toMatchObject([
      {
        level: 'info',
        operation: 'read',
        duration_ms: 25,
        outcome: 'ok',
        msg: 'operation finished',
      },
    ])
  })

  it.for([
    [new DOMException('hunter2', 'AbortError'), 'aborted', 'AbortError'],
    [new DOMException('hunter2', 'TimeoutError'), 'timeout', 'TimeoutError'],
    [
      Object.assign(new Error('hunter2'), { code: 'RESILIENCE_TIMED_OUT' }),
      'timeout',
      'RESILIENCE_TIMED_OUT',
    ],
    [Object.assign(new Error('hunter2'), { code: '23505' }), 'failed', '23505'],
    ['hunter2', 'failed', 'unknown'],
  ] as const)('rethrows %s and calls it %s', async ([error, outcome, type]) => {
    const { logger, lines, text } = capture()
    const operation = createOperation({ logger })

    const failure = await operation('read', () => Promise.reject(error)).catch(
      (caught: unknown) => caught,
    )

    expect(failure).toBe(error)
    expect(lines()).toMatchObject([{ level: 'warn', outcome, error_type: type }])
    expect(text()).not.toContain('hunter2"}')
  })

  it('is not changed by a logger that throws', async () => {
    const broken = (): never => {
      throw new Error('disk full')
    }
    const operation = createOperation({ logger: { info: broken, warn: broken } })

    await expect(operation('read', async () => 1)).resolves.toBe(1)
  })
})
