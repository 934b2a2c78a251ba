import { isSameResult, saysOrder, type ResultRow } from '@t2t/llm-sql/evaluate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const cell = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', null))
const result = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }),
  )

/** Tries every order of the columns: slow, and plainly right. */
function isSameSlowly(a: readonly ResultRow[], b: readonly ResultRow[], isOrdered: boolean) {
  if (a.length !== b.length) return false
  if (a.length === 0) return true
  const width = b[0]?.length ?? 0
  if (a[0]?.length !== width) return false
  const bag = (rows: readonly ResultRow[], order: readonly number[]): string => {
    const lines = rows.map((row) => JSON.stringify(order.map((at) => row[at])))
    return (isOrdered ? lines : lines.toSorted()).join()
  }
  const orders = (left: readonly number[]): number[][] =>
    left.length === 0
      ? [[]]
      : left.flatMap((one) => orders(left.filter((at) => at !== one)).map((rest) => [one, ...rest]))
  const all = Array.from({ length: width }, (_, at) => at)
  return orders(all).some((order) => bag(a, order) === bag(b, all))
}

describe('comparing results', () => {
  it.for([
    ['columns in another order', [[1, 'a']], [['a', 1]], true],
    ['rows in another order', [[1], [2]], [[2], [1]], true],
    ['a duplicate more', [[1], [1]], [[1]], false],
    ['other duplicates', [[1], [1], [2]], [[1], [2], [2]], false],
    ['a column more', [[1, 2]], [[1]], false],
    ['an integer as a real', [[2]], [[2.0000000000001]], true],
    ['numbers that differ in the tenth digit', [[1.000000001]], [[1.000000002]], false],
    ['a number as text', [['1']], [[1]], false],
    ['truth as a number', [[true]], [[1]], true],
    ['text in another case', [['a']], [['A']], false],
    ['nothing beside an empty text', [[null]], [['']], false],
    ['no rows at all', [], [], true],
    ['no rows and one', [], [[null]], false],
    [
      'pairs that were mixed',
      [
        [1, 'b'],
        [2, 'a'],
      ],
      [
        [1, 'a'],
        [2, 'b'],
      ],
      false,
    ],
  ] as const)('sees through %s', ([, actual, expected, isSame]) => {
    expect(isSameResult(actual, expected, false)).toBe(isSame)
  })

  it('looks at the order of rows where it is asked to', () => {
    expect(isSameResult([[1], [2]], [[2], [1]], true)).toBe(false)
    expect(
      isSameResult(
        [
          ['a', 1],
          ['b', 2],
        ],
        [
          [1, 'a'],
          [2, 'b'],
        ],
        true,
      ),
    ).toBe(true)
  })

  it('agrees with trying every order of the columns', () => {
    fc.assert(
      fc.property(result, result, fc.boolean(), (a, b, isOrdered) => {
        expect(isSameResult(a, b, isOrdered)).toBe(isSameSlowly(a, b, isOrdered))
      }),
      { numRuns: 500 },
    )
  })

  it('finds any order of columns and rows again', () => {
    fc.assert(
      fc.property(result, fc.integer({ min: 1, max: 3 }), (rows, shift) => {
        const turned = rows.map((row) => [
          ...row.slice(shift % row.length),
          ...row.slice(0, shift % row.length),
        ])

        expect(isSameResult(turned.toReversed(), rows, false)).toBe(true)
        expect(isSameResult(turned, rows, true)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a query', () => {
  it.for([
    ['SELECT a FROM t ORDER BY a', true],
    ['select a from t order  by a limit 3', true],
    ['SELECT a FROM (SELECT a FROM t ORDER BY a)', false],
    ["SELECT a FROM t WHERE b = 'order by (' ", false],
    ['SELECT rank() OVER (ORDER BY a) FROM t', false],
    ['SELECT a FROM t WHERE x IN (SELECT (1)) ORDER BY (a)', true],
    ['SELECT a FROM t -- order by a', false],
  ] as const)('says an order at its end or not: %s', ([sql, expected]) => {
    expect(saysOrder(sql)).toBe(expected)
  })
})
