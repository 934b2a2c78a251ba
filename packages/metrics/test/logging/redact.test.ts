import { redact, redactedFields, redactText } from '@t2t/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('redaction', () => {
  it.for([...redactedFields])('masks a field called %s', (name) => {
    expect(redact({ [name]: 'hunter2' })).toEqual({ [name]: '[redacted]' })
  })

  it.for(['PASSWORD', 'api_key', 'API-Key', 'Set-Cookie', 'connectionString'])(
    'masks %s however it is spelled',
    (name) => {
      expect(redact({ [name]: ['hunter2'] })).toEqual({ [name]: '[redacted]' })
    },
  )

  it('masks a secret at any depth, and cuts what is deeper', () => {
    const nested = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constant({ password: 'hunter2' }),
        fc.constant('fine'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 5 }), tie('value'), { maxKeys: 3 }),
      ),
    })).value
    fc.assert(
      fc.property(nested, (value) => {
        expect(JSON.stringify(redact(value)) ?? '').not.toContain('hunter2')
      }),
    )
  })

  it.for([
    ['postgres://ada:hunter2@db/shop', 'postgres://[redacted]@db/shop'],
    ['https://user:p@ss:hunter2@host/x', 'https://[redacted]@host/x'],
    ['Authorization: Bearer hunter2.hunter2', 'Authorization: Bearer [redacted]'],
    ['key sk-hunter2hunter2 refused', 'key [redacted] refused'],
    ['token eyJhbGciOiJIUzI1NiJ9.e30.hunter2', 'token [redacted]'],
    ['host=db password=hunter2 port=1', 'host=db password=[redacted] port=1'],
    ["password: 'hunter2 and more' end", 'password: [redacted] end'],
  ])('masks credentials in the text %s', ([text, expected]) => {
    expect(redactText(text ?? '')).toBe(expected)
  })

  it('masks a credential that the cut goes through', () => {
    for (let before = 1_960; before <= 2_010; before++) {
      const text = `${' '.repeat(before)}postgres://ada:hunter2hunter2@db/shop`

      expect(redactText(text)).not.toContain('hunter')
    }
  })

  it('keeps ordinary fields as they are', () => {
    const fields = { database: 'shop', rowCount: 3, isTruncated: false, at: null, list: [1, 'a'] }

    expect(redact(fields)).toEqual(fields)
  })

  it('keeps type, code and place of an error, and not its message', () => {
    const cause = Object.assign(new TypeError('duplicate key (email)=(ada@example.org)'), {
      code: '23505',
    })
    const copied = redact(new Error('hunter2', { cause }))

    expect(copied).toMatchObject({ type: 'Error', cause: { type: 'TypeError', code: '23505' } })
    expect(JSON.stringify(copied)).toContain('redact.test.ts')
    expect(JSON.stringify(copied)).not.toMatch(/hunter2|ada@example/)
  })

  it('keeps the message of an error of the t2t packages', () => {
    const error = Object.assign(new Error('The circuit is open.'), {
      code: 'RESILIENCE_CIRCUIT_OPEN',
      retryable: true,
    })

    expect(redact(error)).toMatchObject({ message: 'The circuit is open.' })
  })

  it('survives what has no end', () => {
    const circular: Record<string, unknown> = { name: 'a' }
    circular['self'] = circular

    expect(redact(circular)).toEqual({ name: 'a', self: '[cut]' })
    expect(redactText('x'.repeat(10_000))).toHaveLength(2_005)
  })
})
