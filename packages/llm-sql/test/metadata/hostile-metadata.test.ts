import { createSqlAssistant, type Metadata } from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import {
  catalogOf,
  contextOf,
  metadataSource,
  openShop,
  runnerOn,
  shopMetadata,
  today,
} from '../support/shop.ts'

const database = openShop()
const policy = definePolicy({
  columns: { block: ['customers.email'] },
  tables: { block: ['returns'] },
})

function assistantWith(...metadata: readonly Partial<Metadata>[]) {
  const sourced = metadata.map((one, index) => ({
    metadata: { aliases: [], translations: [], ...one },
    source: { ...metadataSource, name: `metadata-${index}`, priority: index + 1 },
  }))
  return createSqlAssistant({
    context: async () => contextOf(catalogOf(database), sourced),
    guard: (catalog) => createSqlGuard({ dialect: sqlite(), policy, catalog }),
    run: runnerOn(database),
    generator: offlineGenerator(),
    today,
  })
}

/** Expressions that must have no effect at all. */
const expressions = [
  'SUM(order_lines.quantity); DROP TABLE orders',
  'SUM(order_lines.quantity) -- comment',
  'SUM(order_lines.quantity) /* comment */',
  '(SELECT email FROM customers)',
  '(SELECT MAX(customers.email) FROM customers)',
  'MAX(customers.email)',
  'COUNT(returns.id)',
  "load_extension('evil')",
  'randomblob(1000000000)',
  'SUM(order_lines.quantity) FROM order_lines UNION SELECT 1',
  'SUM(order_lines.quantity',
  'SUM(order_lines.quantity))',
  'SUM(no_such_table.quantity)',
  'sales',
  '',
]

describe('metadata', () => {
  it.for(expressions)('has no effect with the expression "%s"', async (expression) => {
    const assistant = assistantWith({ translations: [{ term: 'loot', expression }] })

    const answer = await assistant.ask('total loot this month').answer

    expect(answer.kind).toBe('clarify')
    expect(answer.entities.map(({ kind }) => kind)).not.toContain('measure')
  })

  it.for(['customers.email', 'returns.reason', 'nowhere.id', 'id'])(
    'has no effect with an alias for %s',
    async (column) => {
      const answer = await assistantWith({ aliases: [{ term: 'boss', column, value: 'x' }] }).ask(
        'orders of boss',
      ).answer

      expect(answer.entities.map(({ kind }) => kind)).not.toContain('value')
      expect(JSON.stringify(answer)).not.toContain(column === 'id' ? 'boss = ' : column)
    },
  )

  it('cannot break out of a value', async () => {
    const value = "x' OR '1'='1"
    const answer = await assistantWith({
      aliases: [{ term: 'everyone', column: 'customers.name', value }],
    }).ask('How many customers called everyone').answer

    expect(answer).toMatchObject({ kind: 'answered', rows: [[0]] })
    expect(answer.kind === 'answered' && answer.sql).toContain("'x'' OR ''1''=''1'")
  })

  it('is won by the source of the lower number', async () => {
    const assistant = assistantWith(
      { aliases: [{ term: 'abracadabra', column: 'products.id', value: 120 }] },
      {
        ...shopMetadata.metadata,
        aliases: [{ term: 'Abracadabra', column: 'products.id', value: 123 }],
      },
    )

    const answer = await assistant.ask('sales for abracadabra').answer

    expect(answer).toMatchObject({ kind: 'answered', rows: [[120]] })
    expect(answer.entities.filter(({ kind }) => kind === 'value')).toHaveLength(1)
    expect(answer.conflicts).toMatchObject([
      {
        term: 'Abracadabra',
        kept: { source: { name: 'metadata-0' }, priority: 1 },
        dropped: { source: { name: 'metadata-1' }, priority: 2 },
      },
    ])
  })

  it('tells how many definitions gave way, and speaks of none that the question does not use', async () => {
    const run = assistantWith(
      { aliases: [{ term: 'abracadabra', column: 'products.id', value: 120 }] },
      shopMetadata.metadata,
    ).ask('How many orders are there?')

    const [gathered] = await Array.fromAsync(run)

    expect(gathered).toMatchObject({ type: 'context-gathered', conflicts: 1 })
    expect(await run.answer).not.toHaveProperty('conflicts')
  })
})
