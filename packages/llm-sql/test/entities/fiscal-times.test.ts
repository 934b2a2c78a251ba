import { link, resolveEntities, type FiscalCalendar } from '@t2t/llm-sql'
import { describe, expect, it } from 'vitest'
import { catalogOf, catalogSource, metadataSource, openShop } from '../support/shop.ts'

const catalog = catalogOf(openShop())

function rangeOf(phrase: string, fiscalCalendar: FiscalCalendar) {
  const { mentions } = resolveEntities(link(`How many orders ${phrase}?`, catalog), {
    metadata: [{ metadata: { fiscalCalendar }, source: metadataSource }],
    catalogSource,
    today: '2024-05-15',
  })
  const range = mentions.find((mention) => mention.kind === 'time')?.range
  return [range?.start, range?.end]
}

describe('a fiscal year that begins in October', () => {
  it.for([
    ['this quarter', '2024-04-01', '2024-07-01'],
    ['this year', '2023-10-01', '2024-10-01'],
    ['last fiscal year', '2022-10-01', '2023-10-01'],
    ['in fiscal year 2024', '2023-10-01', '2024-10-01'],
    ['in FY2024', '2023-10-01', '2024-10-01'],
    ['in FY 2024', '2023-10-01', '2024-10-01'],
    ['in Q1 2024', '2023-10-01', '2024-01-01'],
    ['in Q4', '2023-07-01', '2023-10-01'],
    ['this month', '2024-05-01', '2024-06-01'],
    ['in 2024', '2024-01-01', '2025-01-01'],
    ['in the first quarter of last year', '2022-10-01', '2023-01-01'],
    ['in H1 2024', '2023-10-01', '2024-04-01'],
    ['year to date', '2023-10-01', '2024-05-16'],
    ['in the last 2 fiscal years', '2021-10-01', '2023-10-01'],
    ['in FY24', '2023-10-01', '2024-10-01'],
    ['since fiscal year 2023', '2022-10-01', undefined],
    ['from FY2022 to FY2023', '2021-10-01', '2023-10-01'],
  ] as const)('makes "%s" begin on %s and end before %s', ([phrase, start, end]) => {
    expect(rangeOf(phrase, { firstMonth: 10 })).toEqual([start, end])
  })

  it('has the number of the year in which it begins, where that is the custom', () => {
    const calendar = { firstMonth: 10, yearNamedAfter: 'start' } as const

    expect(rangeOf('in fiscal year 2024', calendar)).toEqual(['2024-10-01', '2025-10-01'])
  })

  it('leaves years alone that are not called fiscal, where that is the custom', () => {
    const calendar = { firstMonth: 10, appliesTo: 'fiscal' } as const

    expect(rangeOf('this year', calendar)).toEqual(['2024-01-01', '2025-01-01'])
    expect(rangeOf('this fiscal year', calendar)).toEqual(['2023-10-01', '2024-10-01'])
  })

  it('moves quarters that are no calendar quarters', () => {
    expect(rangeOf('this quarter', { firstMonth: 2 })).toEqual(['2024-05-01', '2024-08-01'])
    expect(rangeOf('last quarter', { firstMonth: 2 })).toEqual(['2024-02-01', '2024-05-01'])
  })

  it('lets weeks begin on Sunday', () => {
    const calendar = { firstMonth: 1, weekStartsOn: 'sunday' } as const

    expect(rangeOf('this week', calendar)).toEqual(['2024-05-12', '2024-05-19'])
    expect(rangeOf('in the last 2 full weeks', calendar)).toEqual(['2024-04-28', '2024-05-12'])
    expect(rangeOf('in week 20', calendar)).toEqual([undefined, undefined])
  })
})

describe('a question without a fiscal calendar', () => {
  it('does not guess what "fiscal" means', () => {
    const { mentions } = resolveEntities(link('How many orders this fiscal year?', catalog), {
      metadata: [],
      catalogSource,
      today: '2024-05-15',
    })

    expect(mentions.filter(({ kind }) => kind === 'time')).toEqual([])
  })
})
