import { createSqlAssistant, modelGenerator, type SourcedMetadata } from '@t2t/llm-sql'
import { scriptedModel, type ScriptedReply } from '@t2t/llm-sql/testing'
import {
  createSqlGuard,
  definePolicy,
  type Catalog,
  type CatalogTable,
  type PolicyInput,
} from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, openShop, runnerOn, shopMetadata, today } from '../support/shop.ts'

const database = openShop()
const shop = catalogOf(database)

function filler(at: number, name = `archive_${at}`): CatalogTable {
  const columns = Array.from({ length: 12 }, (_, index) => `field_${at}_${index}`)
  return {
    schema: 'main',
    name,
    kind: 'table',
    columns: ['id', ...columns].map((one) => ({ name: one, type: 'text', isNullable: false })),
    primaryKey: ['id'],
    foreignKeys: [],
  }
}

const large: Catalog = {
  ...shop,
  tables: [...shop.tables, ...Array.from({ length: 80 }, (_, at) => filler(at))],
}

async function promptsFor(
  question: string,
  options: {
    readonly script?: readonly [ScriptedReply, ...ScriptedReply[]]
    readonly catalog?: Catalog
    readonly policy?: PolicyInput
    readonly metadata?: SourcedMetadata
    readonly maxSchemaTokens?: number
  } = {},
): Promise<readonly string[]> {
  const {
    script = ['SELECT COUNT(*) FROM orders'],
    catalog = large,
    policy = {},
    maxSchemaTokens = 300,
  } = options
  const model = scriptedModel(script)
  const assistant = createSqlAssistant({
    context: async () => contextOf(catalog, [options.metadata ?? shopMetadata]),
    guard: (known) =>
      createSqlGuard({ dialect: sqlite(), policy: definePolicy(policy), catalog: known }),
    run: runnerOn(database),
    generator: modelGenerator({ model, maxSchemaTokens, createId: () => 'b0' }),
    today,
  })
  await assistant.ask(question).answer
  return model.requests.map(({ messages }) => messages[0]?.content ?? '')
}

describe('a schema that is too large for the prompt', () => {
  it('is shown as far as the question and its resolved phrases speak of it', async () => {
    const [prompt = ''] = await promptsFor('Sales for abracadabra per store?')

    expect(prompt).toContain('table stores')
    expect(prompt).toContain('table order_lines')
    expect(prompt).toContain('table products')
    expect(prompt).not.toContain('field_79_')
    expect(prompt.length).toBeLessThan(4_000)
  })

  it('is shown twice as far after a draft that could not be used', async () => {
    const script = ['SELECT zebra FROM orders', 'SELECT COUNT(*) FROM orders'] as const
    const [first = '', second = ''] = await promptsFor(
      'How many orders are there per customer and store?',
      {
        script,
        maxSchemaTokens: 60,
      },
    )

    expect(second.length).toBeGreaterThan(first.length + 100)
  })

  it('is shown in the same bytes whether hidden tables exist or not', async () => {
    const hidden = filler(99, 'orders_secret')
    const question = 'How many secret orders are there?'
    const policy = { tables: { block: ['orders_secret'] } }
    const catalog = { ...large, tables: [hidden, ...large.tables] }

    const [withHidden] = await promptsFor(question, { policy, catalog })
    const [without] = await promptsFor(question)

    expect(withHidden).toBe(without)
  })
})

describe('definitions that are too many for the prompt', () => {
  it('are shown as far as the question speaks of them, then in their order', async () => {
    const aliases = Array.from({ length: 1_000 }, (_, at) => ({
      term: at === 900 ? 'old harbour' : `place ${at}`,
      column: 'stores.name',
      value: `Store ${at}`,
    }))
    const metadata = { ...shopMetadata, metadata: { aliases } }

    const [prompt = ''] = await promptsFor('Orders of the old harbour?', { metadata })

    expect(prompt).toContain('"old harbour" means')
    expect(prompt).toContain('"place 0" means')
    expect(prompt).not.toContain('"place 999" means')
    expect(prompt.length).toBeLessThan(20_000)
  })
})
