import {
  createSqlAssistant,
  replay,
  type Context,
  type Receipt,
  type SqlAssistantOptions,
  type SqlGenerator,
} from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, contextOf, metadataSource, openShop, runnerOn, today } from '../support/shop.ts'

function optionsFor(changes: Partial<SqlAssistantOptions> = {}, policy: PolicyInput = {}) {
  const database = openShop()
  const context = contextOf(catalogOf(database))
  const options: SqlAssistantOptions = {
    context: async () => context,
    guard: (catalog) =>
      createSqlGuard({ dialect: sqlite(), policy: definePolicy(policy), catalog }),
    run: runnerOn(database),
    generator: offlineGenerator(),
    today,
    ...changes,
  }
  return { database, options }
}

async function receiptFor(question: string, options = optionsFor().options): Promise<Receipt> {
  const answer = await createSqlAssistant(options).ask(question).answer
  if (answer.kind !== 'answered' || answer.receipt === undefined) throw new Error(answer.kind)
  return answer.receipt
}

function drafting(sql: string, name = 'drafts'): SqlGenerator {
  return { name, draft: async () => ({ kind: 'sql', sql, explanation: '', confidence: 1 }) }
}

const question = 'sales this month'

describe('a receipt', () => {
  it('is plain JSON without rows, and the same for the same answer', async () => {
    const receipt = await receiptFor(question)

    expect(await receiptFor(question)).toEqual(receipt)
    expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt)
    expect(receipt).toMatchObject({
      question,
      today: '2024-05-15',
      generator: 'offline',
      promptVersion: 't2t-sql-3',
      sql: expect.stringContaining('SUM(order_lines.quantity'),
      rowsHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(JSON.stringify(receipt)).not.toContain('180')
  })

  it('does not know the order of rows, nor of keys and tables', async () => {
    const up = optionsFor({ generator: drafting('SELECT name FROM stores ORDER BY name') })
    const down = optionsFor({ generator: drafting('SELECT name FROM stores ORDER BY name DESC') })
    const { tables, ...rest } = catalogOf(openShop())
    const turned = contextOf({ tables: tables.toReversed(), ...rest })
    const other = optionsFor({ context: async () => turned })

    expect((await receiptFor('Stores?', up.options)).rowsHash).toBe(
      (await receiptFor('Stores?', down.options)).rowsHash,
    )
    expect((await receiptFor(question, other.options)).catalogHash).toBe(
      (await receiptFor(question)).catalogHash,
    )
  })
})

describe('a replay', () => {
  it('finds the same rows', async () => {
    expect(await replay(await receiptFor(question), optionsFor().options)).toMatchObject({
      isSame: true,
      causes: [],
      answer: { kind: 'answered' },
    })
  })

  it('blames the data when the same statement gives other rows', async () => {
    const { database, options } = optionsFor()
    const receipt = await receiptFor(question, options)
    database.exec('INSERT INTO order_lines VALUES (11, 4, 123, 1, 99)')

    expect(await replay(receipt, options)).toMatchObject({ isSame: false, causes: ['data'] })
  })

  it('blames the policy when the guard writes another text', async () => {
    const { options } = optionsFor({}, { rows: { filter: { orders: 'store_id = 1' } } })

    expect(await replay(await receiptFor(question), options)).toMatchObject({ causes: ['policy'] })
  })

  it('leaves it to the answer to say why there are no rows', async () => {
    const { options } = optionsFor({}, { tables: { block: ['order_lines'] } })

    expect(await replay(await receiptFor(question), options)).toMatchObject({
      isSame: false,
      causes: [],
      answer: { kind: 'clarify' },
    })
  })

  it('blames the definition when a word means something else', async () => {
    const sales = { term: 'sales', expression: 'SUM(order_lines.quantity)' }
    const metadata = { source: metadataSource, metadata: { aliases: [], translations: [sales] } }
    const context = async (): Promise<Context> => contextOf(catalogOf(openShop()), [metadata])
    const receipt = await receiptFor(question)

    expect(await replay(receipt, optionsFor({ context }).options)).toMatchObject({
      causes: ['definition'],
    })
  })

  it('blames the day when "this month" is another one', async () => {
    const { options } = optionsFor({ today: () => new Date(2024, 1, 15) })

    expect(await replay(await receiptFor(question), options)).toMatchObject({ causes: ['day'] })
  })

  it('blames the schema when a table changed with the draft', async () => {
    const { database, options } = optionsFor()
    const first = await receiptFor('names of stores', {
      ...options,
      generator: drafting('SELECT name FROM stores'),
    })
    database.exec("ALTER TABLE stores ADD COLUMN label text DEFAULT 'x'")
    const context = async (): Promise<Context> => contextOf(catalogOf(database))
    const generator = drafting('SELECT label FROM stores')

    expect(await replay(first, { ...options, context, generator })).toMatchObject({
      causes: ['schema'],
    })
  })

  it.for([
    ['another model', 'other'],
    ['the same model with another draft', 'drafts'],
  ] as const)('blames the model for %s, and the data when that changed too', async ([, name]) => {
    const { database, options } = optionsFor({ generator: drafting('SELECT COUNT(*) FROM orders') })
    const receipt = await receiptFor('How many?', options)
    const other = { ...options, generator: drafting('SELECT COUNT(*) FROM stores', name) }

    expect(await replay(receipt, other)).toMatchObject({ isSame: false, causes: ['model'] })
    database.exec('DELETE FROM returns; DELETE FROM order_lines; DELETE FROM orders WHERE id = 1')
    expect(await replay(receipt, other)).toMatchObject({ causes: ['model', 'data'] })
  })
})
