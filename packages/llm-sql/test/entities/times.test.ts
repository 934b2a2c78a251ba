import { link, resolveEntities } from '@t2t/llm-sql'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogOf, catalogSource, openShop } from '../support/shop.ts'

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

/** Phrases on Wednesday 2024-05-15, with the half-open range that each means. */
const phrases: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['today', '2024-05-15', '2024-05-16'],
  ['yesterday', '2024-05-14', '2024-05-15'],
  ['this week', '2024-05-13', '2024-05-20'],
  ['last week', '2024-05-06', '2024-05-13'],
  ['this month', '2024-05-01', '2024-06-01'],
  ['last month', '2024-04-01', '2024-05-01'],
  ['this quarter', '2024-04-01', '2024-07-01'],
  ['previous quarter', '2024-01-01', '2024-04-01'],
  ['this year', '2024-01-01', '2025-01-01'],
  ['last year', '2023-01-01', '2024-01-01'],
  ['in the last 7 days', '2024-05-09', '2024-05-16'],
  ['in the past 3 months', '2024-02-16', '2024-05-16'],
  ['in 2023', '2023-01-01', '2024-01-01'],
  ['since 2023', '2023-01-01', undefined],
  ['before 2023', undefined, '2023-01-01'],
  ['after 2023', '2024-01-01', undefined],
  ['in February', '2024-02-01', '2024-03-01'],
  ['in December', '2023-12-01', '2024-01-01'],
  ['in March 2022', '2022-03-01', '2022-04-01'],
  ['in Q3 2023', '2023-07-01', '2023-10-01'],
  ['on 2024-02-29', '2024-02-29', '2024-03-01'],
  ['since 2024-05-01', '2024-05-01', undefined],
]

describe('a time phrase', () => {
  it.for(phrases)('reads "%s" as from %s to before %s', ([phrase, start, end]) => {
    expect(rangeOf(phrase, '2024-05-15')).toEqual({ start, end })
  })

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
