import { link, resolveEntities } from '@t2t/llm-sql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogOf, catalogSource, openShop } from '../support/shop.ts'
import { timePhrases } from '../support/time-phrases.ts'

const catalog = catalogOf(openShop())

/** The range that a phrase means on a day. */
function rangeOf(
  phrase: string,
  today: string,
): { start?: string | undefined; end?: string | undefined } | undefined {
  const linked = link(`How many orders ${phrase}?`, catalog)
  const { mentions } = resolveEntities(linked, { metadata: [], catalogSource, today })
  return mentions.find((mention) => mention.kind === 'time')?.range
}

const day = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const unit = fc.constantFrom('day', 'week', 'month', 'quarter', 'year')

describe('a time phrase', () => {
  it.for(timePhrases)('reads "%s" as from %s to before %s', ([phrase, start, end]) => {
    const { start: from, end: before } = rangeOf(phrase, '2024-05-15') ?? {}

    expect([from, before]).toEqual([start, end])
  })

  it.for([
    ['2024-02-29', 'last year', '2023-01-01', '2024-01-01'],
    ['2024-03-31', 'last month', '2024-02-01', '2024-03-01'],
    ['2024-02-29', 'in the last 12 months', '2023-03-01', '2024-03-01'],
    ['2023-03-01', 'on February 29', '2020-02-29', '2020-03-01'],
    ['2024-01-01', 'yesterday', '2023-12-31', '2024-01-01'],
    ['2024-12-31', 'tomorrow', '2025-01-01', '2025-01-02'],
    ['2021-01-03', 'this week', '2020-12-28', '2021-01-04'],
    ['2021-01-03', 'in week 53', '2020-12-28', '2021-01-04'],
    ['2020-12-30', 'in week 53', '2020-12-28', '2021-01-04'],
  ] as const)('on %s reads "%s" as from %s to before %s', ([today, phrase, start, end]) => {
    const { start: from, end: before } = rangeOf(phrase, today) ?? {}

    expect([from, before]).toEqual([start, end])
  })

  it.for(['may', 'Mar', 'Sept', 'sat', '2020', 'a second', 'the last', 'march'])(
    'is not seen in "%s" alone',
    (word) => {
      expect(rangeOf(`with ${word}`, '2024-05-15')).toBeUndefined()
    },
  )

  it('contains today whenever it says "this"', () => {
    fc.assert(
      fc.property(day, unit, (today, name) => {
        const { start = '', end = '' } = rangeOf(`this ${name}`, today) ?? {}

        expect(start <= today && today < end).toBe(true)
      }),
    )
  })

  it('ends where "this" begins whenever it says "last"', () => {
    fc.assert(
      fc.property(day, unit, (today, name) => {
        expect(rangeOf(`last ${name}`, today)?.end).toBe(rangeOf(`this ${name}`, today)?.start)
      }),
    )
  })

  it('contains today and covers as many days as it says', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 999 }), (today, count) => {
        const { start = '', end = '' } = rangeOf(`in the last ${count} days`, today) ?? {}

        expect(start <= today && today < end).toBe(true)
        expect((Date.parse(end) - Date.parse(start)) / 86_400_000).toBe(count)
      }),
    )
  })

  it('takes the latest month of that name that has begun', () => {
    fc.assert(
      fc.property(day, (today) => {
        const { start = '' } = rangeOf('in November', today) ?? {}

        expect(start <= today).toBe(true)
        expect(Number(today.slice(0, 4)) - Number(start.slice(0, 4))).toBeLessThanOrEqual(1)
      }),
    )
  })

  it.for(['2024-02-30', '2024-13-01'])('does not take %s for a day', (text) => {
    expect(rangeOf(`on ${text}`, '2024-05-15')).not.toMatchObject({ start: text })
  })
})
