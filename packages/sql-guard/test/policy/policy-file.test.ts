import { definePolicy, PolicyInvalidError } from '@t2t/sql-guard'
import { parsePolicy } from '@t2t/sql-guard/policy-file'
import { describe, expect, it } from 'vitest'

function failureOf(text: string): unknown {
  try {
    return parsePolicy(text, { file: 'policy.yaml' })
  } catch (error) {
    return error
  }
}

describe('a policy file', () => {
  it('is the policy that the same parts make in code', () => {
    const text = `
      # Who looks at orders.
      name: analysts
      tables: { allow: [orders, shop.*] }
      columns:
        block: [customers.email]
        mask: { customers.phone: last-4 }
        minGroupSize: { orders.total: 5, orders.discount: { size: 9, of: customer_id } }
      rows:
        filter:
          orders: "tenant_id = :tenant"
      functions: { allow: [shop.tax/2] }
      limits: { maxRows: 50 }`

    expect(parsePolicy(text)).toEqual(
      definePolicy({
        name: 'analysts',
        tables: { allow: ['orders', 'shop.*'] },
        columns: {
          block: ['customers.email'],
          mask: { 'customers.phone': 'last-4' },
          minGroupSize: { 'orders.total': 5, 'orders.discount': { size: 9, of: 'customer_id' } },
        },
        rows: { filter: { orders: 'tenant_id = :tenant' } },
        functions: { allow: ['shop.tax/2'] },
        limits: { maxRows: 50 },
      }),
    )
  })

  it('may be JSON, and empty', () => {
    expect(parsePolicy('{"tables": {"block": ["secrets"]}}').tables.block).toEqual(['secrets'])
    expect(parsePolicy('')).toEqual(definePolicy())
  })

  it('says all that is wrong, and where', () => {
    const error = failureOf(`tables:
  allow: [orders, a.b.c]
column:
  block: [customers.email]
limits:
  maxRows: many
rows:
  filter: { orders: 5 }
columns:
  minGroupSize:
    orders.total: { size: 1 }
`)

    expect(error).toBeInstanceOf(PolicyInvalidError)
    expect(error).toMatchObject({
      file: 'policy.yaml',
      problems: [
        { path: ['tables', 'allow', 1], line: 2, column: 19 },
        { path: ['column'], line: 3, column: 1, message: 'is not a part of a policy; columns is.' },
        { path: ['limits', 'maxRows'], line: 6, column: 3 },
        { path: ['rows', 'filter', 'orders'], line: 8, column: 13 },
        { path: ['columns', 'minGroupSize', 'orders.total', 'size'], line: 11, column: 21 },
        { path: ['columns', 'minGroupSize', 'orders.total', 'of'], line: 11 },
      ],
    })
    expect(String(error)).toContain(
      'policy.yaml:6:3 limits.maxRows must be an integer from 1 to 1000000000, but is "many".',
    )
  })

  it.for([
    ['brackets that stay open', 'tables: {allow: [orders', 1],
    ['a part twice', 'name: a\nname: b', 2],
    ['a list', '- tables', undefined],
    ['a text', 'everything', undefined],
    [
      'references without end',
      `a: &a [1, 1]\n${doubling('a', 'b')}${doubling('b', 'c')}${doubling('c', 'd')}${doubling('d', 'e')}`,
      undefined,
    ],
    ['more than a megabyte', ' '.repeat(1_048_577), undefined],
  ] as const)('refuses %s', ([, text, line]) => {
    const error = failureOf(text)

    expect(error).toBeInstanceOf(PolicyInvalidError)
    expect(error instanceof PolicyInvalidError ? error.problems[0]?.line : 0).toBe(line)
  })

  it('does not repeat the condition of a row filter', () => {
    const error = failureOf(
      'rows: { filter: { a.b.c: "secret = 1 AND tenant_id = 42 AND owner = 7" } }',
    )

    expect(String(error)).not.toContain('42')
  })
})

function doubling(from: string, to: string): string {
  return `${to}: &${to} [${`*${from}, `.repeat(20)}]\n`
}
