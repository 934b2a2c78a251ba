import { isLlmSqlError, linkSchema } from '@t2t/llm-sql'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogOf, openShop } from '../support/shop.ts'

const shop = catalogOf(openShop())

function namesOf({ tables }: Catalog): readonly string[] {
  return tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`))
}

describe('linkSchema', () => {
  it('keeps the catalog as it is when it fits', () => {
    const linked = linkSchema('How many orders are there?', shop, { maxTokens: 100_000 })

    expect(linked.isWhole).toBe(true)
    expect(linked.catalog).toBe(shop)
    expect(linked.tokens).toBe(linked.wholeTokens)
  })

  it('keeps the columns that a question names, and what joins their tables', () => {
    const { catalog, tokens, wholeTokens, isWhole } = linkSchema(
      'Which reason do returns of products of the category toys have?',
      shop,
      { share: 0.5, minTokens: 0 },
    )

    expect(isWhole).toBe(false)
    expect(tokens).toBeLessThanOrEqual(wholeTokens / 2)
    expect(namesOf(catalog)).toEqual(
      expect.arrayContaining([
        'returns.reason',
        'products.category',
        'returns.order_line_id',
        'order_lines.id',
        'order_lines.product_id',
        'products.id',
      ]),
    )
  })

  it('finds columns by abbreviations, typing errors and words written as one', () => {
    const catalog = tablesOf({
      gasstations: ['id', 'opened'],
      invoices: ['id', 'acct', 'qty', 'note', 'memo', 'remark'],
      people: ['id', 'nickname'],
    })
    const linked = (question: string): readonly string[] =>
      namesOf(linkSchema(question, catalog, { share: 0.4, minTokens: 0 }).catalog)

    expect(linked('When was each station opened?')).toContain('gasstations.opened')
    expect(linked('Show the account of every invoice')).toContain('invoices.acct')
    expect(linked('Show the nicknam of everybody')).toContain('people.nickname')
  })

  it('finds a column by one of its values, and by the form of its codes', () => {
    const catalog = tablesOf({ alpha: ['id', 'kind', 'state'], beta: ['id', 'serial', 'hue'] })
    const [alpha, beta] = catalog.tables
    const sampled: Catalog = {
      ...catalog,
      tables: [withValues(alpha, 'state', ['dormant']), withValues(beta, 'serial', ['QX-204'])],
    }

    const byValue = linkSchema('Which are dormant?', sampled, { share: 0.5, minTokens: 0 })
    const byForm = linkSchema('What is ZK-993?', sampled, { share: 0.5, minTokens: 0 })

    expect(namesOf(byValue.catalog)).toContain('alpha.state')
    expect(namesOf(byForm.catalog)).toContain('beta.serial')
  })

  it('keeps what is to be included first', () => {
    const { catalog } = linkSchema('How many orders are paid?', shop, {
      share: 0.5,
      minTokens: 0,
      include: ['returns.reason', 'stores', 'no.such'],
    })

    expect(namesOf(catalog)).toEqual(expect.arrayContaining(['returns.reason', 'stores.id']))
  })

  it('keeps keys whole or not at all', () => {
    const catalog: Catalog = {
      ...tablesOf({ seats: ['row', 'place', 'colour'] }),
      tables: [{ ...tableOf('seats', ['row', 'place', 'colour']), primaryKey: ['row', 'place'] }],
    }

    const { catalog: part } = linkSchema('Which colour?', catalog, { share: 0.5, minTokens: 0 })

    expect(namesOf(part)).toEqual(['seats.colour'])
    expect(part.tables[0]?.primaryKey).toEqual([])
  })

  it('counts with the counter that it is given', () => {
    const lines = (): number => 1

    const { tokens, wholeTokens } = linkSchema('orders', shop, { maxTokens: 7, countTokens: lines })

    expect(wholeTokens).toBeGreaterThan(30)
    expect(tokens).toBeLessThanOrEqual(7)
  })

  it('keeps nothing when nothing fits', () => {
    expect(linkSchema('How many orders?', shop, { maxTokens: 0 }).catalog.tables).toEqual([])
  })

  it('does not cut a small schema for the sake of a share, unless it is told to', () => {
    const question = 'How many orders?'

    expect(linkSchema(question, shop, { share: 0.25 }).isWhole).toBe(true)
    expect(linkSchema(question, shop, { share: 0.25, minTokens: 0 }).isWhole).toBe(false)
    expect(linkSchema(question, shop, { share: 0.25, maxTokens: 100 }).tokens).toBeLessThanOrEqual(
      100,
    )
  })

  it.for([
    ['Which customers come from Rostock?', 'customers.city'],
    ['What is the cheapest of all?', 'products.unit_price'],
  ] as const)('shows for "%s" the column %s, which it does not name', ([question, column]) => {
    const { catalog } = linkSchema(question, shop, { share: 0.5, minTokens: 0 })

    expect(namesOf(catalog)).toContain(column)
  })

  it.for([
    { maxTokens: -1 },
    { maxTokens: Number.NaN },
    { share: 1.1 },
    { share: -0.1 },
    { minTokens: -1 },
  ])('refuses %o', (options) => {
    let failure: unknown
    try {
      linkSchema('orders', shop, options)
    } catch (error) {
      failure = error
    }

    expect(isLlmSqlError(failure) && failure.code).toBe('LLM_SQL_OPTION_INVALID')
  })

  it('keeps within the budget, joined, and the same each time, whatever is asked', () => {
    const words = [
      'orders',
      'city',
      'reason',
      'price',
      'toys',
      'when',
      'total',
      'customer',
      '7',
      "'",
    ]
    const question = fc.array(fc.constantFrom(...words), { maxLength: 8 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })

    fc.assert(
      fc.property(question, share, (asked, part) => {
        const { catalog, tokens, wholeTokens } = linkSchema(asked.join(' '), shop, {
          share: part,
          minTokens: 0,
        })

        expect(tokens).toBeLessThanOrEqual(Math.ceil(wholeTokens * part))
        expect(isConnected(catalog)).toBe(true)
        expect(
          linkSchema(asked.join(' '), { ...shop }, { share: part, minTokens: 0 }).catalog,
        ).toEqual(catalog)
      }),
      { numRuns: 150 },
    )
  })
})

/** Whether foreign keys that are kept whole lead from each kept table to each other one. */
function isConnected({ tables }: Catalog): boolean {
  const reached = new Set(tables.slice(0, 1).map(({ name }) => name))
  for (let size = -1; size !== reached.size;) {
    size = reached.size
    for (const { name, foreignKeys } of tables) {
      for (const { references } of foreignKeys) {
        if (reached.has(name)) reached.add(references.table)
        if (reached.has(references.table)) reached.add(name)
      }
    }
  }
  return tables.every(({ name }) => reached.has(name))
}

function tablesOf(tables: Readonly<Record<string, readonly string[]>>): Catalog {
  return {
    dialect: 'sqlite',
    version: '1',
    searchPath: ['main'],
    tables: Object.entries(tables).map(([name, columns]) => tableOf(name, columns)),
  }
}

function tableOf(name: string, columns: readonly string[]): CatalogTable {
  return {
    schema: 'main',
    name,
    kind: 'table',
    columns: columns.map((column) => ({ name: column, type: 'text', isNullable: true })),
    primaryKey: columns.includes('id') ? ['id'] : [],
    foreignKeys: [],
  }
}

function withValues(
  table: CatalogTable | undefined,
  name: string,
  sampleValues: readonly string[],
): CatalogTable {
  if (table === undefined) throw new Error('No such table.')
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.name === name ? { ...column, sampleValues } : column,
    ),
  }
}
