import { mergeMetadata, parseMetadata, type Metadata } from '@t2t/llm-sql/metadata'
import { describe, expect, it } from 'vitest'
import { catalogOf, openShop } from '../support/shop.ts'

const catalog = catalogOf(openShop())
const sourced = (name: string, priority: number, metadata: Metadata) => ({
  metadata,
  source: { name, priority },
})
const money = 'SUM(order_lines.quantity * order_lines.unit_price)'

describe('merging metadata', () => {
  it('lets an own priority win over that of the source, and says what gave way', () => {
    const merged = mergeMetadata(
      [
        sourced('team', 1, { translations: [{ term: 'Sales', expression: money, priority: 50 }] }),
        sourced('finance', 20, {
          metrics: [
            {
              name: 'sales',
              expression: 'SUM(order_lines.quantity)',
              origin: 'handbook, page 4',
            },
          ],
        }),
      ],
      catalog,
    )

    expect(merged.metadata.map(({ metadata }) => metadata.metrics?.length)).toEqual([0, 1])
    expect(merged.metadata[0]?.metadata.translations).toEqual([])
    expect(merged.conflicts).toEqual([
      {
        term: 'Sales',
        kept: {
          source: { name: 'finance', priority: 20 },
          priority: 20,
          origin: 'handbook, page 4',
        },
        dropped: { source: { name: 'team', priority: 1 }, priority: 50 },
      },
    ])
  })

  it('sees no conflict where two sources say the same', () => {
    const alias = { aliases: [{ term: 'boss', column: 'customers.id', value: 1 }] }

    const { conflicts, metadata } = mergeMetadata(
      [sourced('a', 1, alias), sourced('b', 2, alias)],
      catalog,
    )

    expect(conflicts).toEqual([])
    expect(metadata.map((one) => one.metadata.aliases?.length)).toEqual([1, 0])
  })

  it('takes single synonyms away, and a figure as a whole when its name is lost', () => {
    const { metadata } = mergeMetadata(
      [
        sourced('a', 1, {
          synonyms: [{ column: 'orders.status', value: 'paid', synonyms: ['settled', 'done'] }],
          metrics: [{ name: 'sales', expression: money, synonyms: ['turnover'] }],
        }),
        sourced('b', 2, {
          synonyms: [{ column: 'orders.status', value: 'shipped', synonyms: ['done', 'sent'] }],
          metrics: [{ name: 'SALES', expression: 'COUNT(orders.id)', synonyms: ['business'] }],
        }),
      ],
      catalog,
    )

    expect(metadata[1]?.metadata.synonyms).toMatchObject([{ value: 'shipped', synonyms: ['sent'] }])
    expect(metadata[1]?.metadata.metrics).toEqual([])
    expect(metadata[0]?.metadata.metrics).toMatchObject([{ synonyms: ['turnover'] }])
  })

  it('says nothing of what the catalog does not have, not even as a conflict', () => {
    const hidden = sourced('a', 1, {
      aliases: [{ term: 'boss', column: 'salaries.id', value: 1 }],
      glossary: [{ term: 'pay', definition: 'What people get.', refersTo: ['salaries'] }],
      metrics: [{ name: 'payroll', expression: 'SUM(salaries.amount)' }],
    })
    const visible = sourced('b', 2, {
      aliases: [{ term: 'boss', column: 'customers.id', value: 1 }],
      glossary: [{ term: 'pay', definition: 'Settling a bill.', refersTo: ['orders.status'] }],
    })

    const merged = mergeMetadata([hidden, visible], catalog)

    expect(merged.conflicts).toEqual([])
    expect(JSON.stringify(merged.metadata)).not.toMatch(/salaries|payroll|people get/)
    expect(merged.metadata[1]?.metadata).toMatchObject(visible.metadata)
  })

  it('keeps one fiscal calendar', () => {
    const merged = mergeMetadata(
      [
        sourced('a', 2, { fiscalCalendar: { firstMonth: 4 } }),
        sourced('b', 1, { fiscalCalendar: { firstMonth: 7 } }),
      ],
      catalog,
    )

    expect(merged.metadata.map(({ metadata }) => metadata.fiscalCalendar?.firstMonth)).toEqual([
      undefined,
      7,
    ])
    expect(merged.conflicts).toMatchObject([{ term: 'fiscal calendar' }])
  })
})

describe('reading metadata', () => {
  it('says what is wrong with an entry, and quotes nothing of it', () => {
    const parsed = parseMetadata({
      metrics: [{ name: 'secret', expression: '', priority: 0 }],
      fiscalCalendar: { firstMonth: 13 },
      synonyms: [{ column: 'orders.status', value: 'paid', synonyms: ['settled'] }],
    })

    expect(parsed).toMatchObject({
      dropped: 2,
      metadata: { metrics: [], synonyms: [{ synonyms: ['settled'] }] },
      problems: [
        'fiscalCalendar.firstMonth is too long or too large.',
        'metrics[0].expression is too short or too small.',
        'metrics[0].priority is too short or too small.',
      ],
    })
  })
})
