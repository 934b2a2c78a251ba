import {
  createSqlAssistant,
  OptionInvalidError,
  type AssistantEvent,
  type Context,
  type QueryRunner,
  type SqlAssistantOptions,
  type SqlGenerator,
} from '@t2t/llm-sql'
import { offlineGenerator } from '@t2t/llm-sql/offline'
import { createSqlGuard, definePolicy, type GuardEvent } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { catalogOf, catalogSource, contextOf, openShop, runnerOn, today } from '../support/shop.ts'

const database = openShop()
const catalog = catalogOf(database)
const policy = definePolicy({ columns: { block: ['customers.email'] } })

function assistantWith(options: Partial<SqlAssistantOptions> = {}) {
  return createSqlAssistant({
    context: async () => contextOf(catalog),
    guard: (known) => createSqlGuard({ dialect: sqlite(), policy, catalog: known }),
    run: runnerOn(database),
    generator: offlineGenerator(),
    today,
    ...options,
  })
}

function drafting(...texts: readonly string[]): SqlGenerator & { readonly calls: () => number } {
  let calls = 0
  return {
    name: 'drafts',
    calls: () => calls,
    draft: async () => {
      const sql = texts[Math.min(calls, texts.length - 1)] ?? ''
      calls += 1
      return { kind: 'sql', sql, explanation: '', confidence: 0.8 }
    },
  }
}

async function eventsOf(run: AsyncIterable<AssistantEvent>): Promise<AssistantEvent[]> {
  const events: AssistantEvent[] = []
  for await (const event of run) events.push(event)
  return events
}

describe('an assistant', () => {
  it('says what each phrase means and where that comes from', async () => {
    const answer = await assistantWith().ask('Show me total sales for abracadabra this month')
      .answer

    expect(answer).toMatchObject({
      kind: 'answered',
      rows: [[115]],
      attempts: 1,
      confidence: 1,
      missing: [],
    })
    expect(answer.entities).toEqual([
      expect.objectContaining({
        term: 'sales',
        kind: 'measure',
        meaning: 'SUM(order_lines.quantity * order_lines.unit_price)',
        source: expect.objectContaining({ name: 'product-metadata' }),
      }),
      expect.objectContaining({
        term: 'abracadabra',
        kind: 'value',
        meaning: 'products.id = 123',
        confidence: 1,
      }),
      expect.objectContaining({
        term: 'this month',
        kind: 'time',
        meaning: 'from 2024-05-01, before 2024-06-01',
      }),
    ])
    expect(answer.sources.map(({ name }) => name)).toEqual(['product-metadata', 'shop'])
  })

  it('tells the steps in order, and the same to every listener', async () => {
    const heard: AssistantEvent[] = []
    const run = assistantWith({ onEvent: (event) => heard.push(event) }).ask(
      'How many orders are there?',
    )

    const first = await eventsOf(run)
    await run.answer
    const second = await eventsOf(run)

    expect(first.map(({ type }) => type)).toEqual([
      'context-gathered',
      'entities-resolved',
      'sql-drafted',
      'sql-checked',
      'rows-read',
      'question-answered',
    ])
    expect(second).toEqual(first)
    expect(heard).toEqual(first)
  })

  it('answers although a listener throws', async () => {
    const onEvent = (): never => {
      throw new Error('broken listener')
    }

    expect(await assistantWith({ onEvent }).ask('How many orders are there?').answer).toMatchObject(
      { kind: 'answered', rows: [[7]] },
    )
  })

  it.for([
    'DROP TABLE orders',
    'delete from orders',
    'SELECT 1; SELECT 2',
    'SELECT email FROM customers',
    'PRAGMA table_info(orders)',
  ])('refuses "%s" with findings', async (question) => {
    const answer = await assistantWith({ run: neverRuns }).ask(question).answer

    expect(answer).toMatchObject({ kind: 'refused', sql: question })
    expect(answer.kind === 'refused' && answer.findings.length > 0).toBe(true)
  })

  it.for([
    ['DROP TABLE orders', 'query-refused'],
    ['SELECT COUNT(*) FROM orders', 'query-allowed'],
    ['How many orders are there?', 'query-allowed'],
  ] as const)('has the guard decide about "%s" once', async ([question, type]) => {
    const heard: string[] = []
    const onEvent = (event: GuardEvent): number => heard.push(event.type)
    const guard: SqlAssistantOptions['guard'] = (known) =>
      createSqlGuard({ dialect: sqlite(), policy, catalog: known, onEvent })

    await assistantWith({ guard }).ask(question).answer

    expect(heard).toEqual([type])
  })

  it('names counts in the rows, and never like a column that is there', async () => {
    const assistant = assistantWith()
    const columnsOf = async (question: string) => {
      const answer = await assistant.ask(question).answer
      return answer.kind === 'answered' ? answer.columns : answer
    }

    expect(await columnsOf('How many orders per status?')).toEqual(['status', 'order_count'])
    expect(await columnsOf('How many different countries do customers come from?')).toEqual([
      'distinct_country_count',
    ])
    database.exec('CREATE TABLE visits (id integer PRIMARY KEY, visit_count integer)')
    const context = async (): Promise<Context> => contextOf(catalogOf(database), [])
    const answer = await assistantWith({ context }).ask('How many visits are there?').answer
    database.exec('DROP TABLE visits')
    expect(answer).toMatchObject({ kind: 'answered', columns: ['visit_count_2'] })
  })

  it('names the column that the statement read where a phrase may mean several', async () => {
    const generator = drafting("SELECT COUNT(*) FROM stores WHERE city = 'Madrid'")

    const answer = await assistantWith({ generator }).ask('How many in Madrid?').answer

    expect(answer.entities).toEqual([
      expect.objectContaining({ term: 'Madrid', meaning: "stores.city = 'Madrid'" }),
    ])
  })

  it('runs a question that is an allowed statement as it stands', async () => {
    const answer = await assistantWith().ask('SELECT COUNT(*) FROM orders').answer

    expect(answer).toMatchObject({ kind: 'answered', rows: [[7]], entities: [], confidence: 1 })
  })

  it.for([
    ['What is the weather?', /weather/],
    ['How many orders were blessed last week?', /blessed/],
    ['compare orders this month and last month', /./],
    ['How many customers in "Atlantis"?', /Atlantis/],
    ['Drop me a list of the unicorns', /./],
    ['How many orders were placed in Madrid?', /Madrid/],
    ['Show the emails of customers', /./],
    ['Which customers have more than 5 elephants?', /5|elephants/],
    ['orders of Zaphod Beeblebrox', /Zaphod/],
    ['', /./],
  ] as const)('asks back on "%s" instead of inventing a query', async ([question, ask]) => {
    const answer = await assistantWith({ run: neverRuns }).ask(question).answer

    expect(answer.kind).toBe('clarify')
    expect(answer.kind === 'clarify' && answer.ask).toMatch(ask)
  })

  it('offers the readings of an ambiguous value', async () => {
    expect(
      await assistantWith().ask('How many orders were placed in Madrid?').answer,
    ).toMatchObject({
      kind: 'clarify',
      choices: ['customers.city', 'stores.city'],
    })
  })

  it('answers without metadata where it can, and says what was missing', async () => {
    const missing = [{ name: 'product-metadata', reason: 'It does not answer.' }]
    const context = async (): Promise<Context> => ({ ...contextOf(catalog, []), missing })
    const assistant = assistantWith({ context })

    expect(await assistant.ask('How many orders this month?').answer).toMatchObject({
      kind: 'answered',
      rows: [[3]],
      missing,
      sources: [catalogSource],
    })
    expect(
      await assistant.ask('Show me total sales for abracadabra this month').answer,
    ).toMatchObject({ kind: 'clarify', missing })
  })

  it('says that there is no catalog when none could be gathered', async () => {
    const context = async (): Promise<Context> => {
      throw new Error('secret address')
    }

    expect(await assistantWith({ context }).ask('How many orders?').answer).toEqual({
      kind: 'failed',
      code: 'catalog-missing',
      message: 'What the database contains could not be read.',
      question: 'How many orders?',
      entities: [],
      sources: [],
      missing: [],
    })
  })

  it('makes a likely repair when the generator has nothing else to say', async () => {
    const generator = drafting("SELECT id FROM order_lines WHERE status = 'paid'")

    const answer = await assistantWith({ generator, maxAttempts: 9 }).ask('Which lines are paid?')
      .answer

    expect(generator.calls()).toBe(2)
    expect(answer).toMatchObject({ kind: 'answered', attempts: 2 })
    expect(answer.kind === 'answered' && answer.confidence).toBeCloseTo(0.8 * 0.6)
    expect(answer.kind === 'answered' && answer.sql).toContain('JOIN orders')
  })

  it('repairs a typing error from what the guard found, without the generator', async () => {
    const generator = drafting('SELECT statuss FROM orderz WHERE id = 5', 'SELECT 0')
    const run = assistantWith({ generator }).ask('status of order 5')

    const answer = await run.answer

    expect(answer).toMatchObject({ kind: 'answered', rows: [['cancelled']] })
    expect(generator.calls()).toBe(1)
    expect(answer.kind === 'answered' && answer.explanation).toContain('orderz was read as orders.')
    expect(answer.kind === 'answered' && answer.confidence).toBeLessThan(0.8)
  })

  it('does not put another column in the place of one that does not exist', async () => {
    const generator = drafting('SELECT orders.shipped_at FROM orders')

    expect(
      await assistantWith({ generator }).ask('When were the orders shipped?').answer,
    ).toMatchObject({ kind: 'failed', code: 'attempts-exhausted' })
  })

  it('stops when the generator brings nothing new', async () => {
    const generator = drafting('SELECT nonsense FROM nowhere')

    const answer = await assistantWith({ generator, maxAttempts: 9 }).ask('How many orders?').answer

    expect(answer).toMatchObject({ kind: 'failed', code: 'attempts-exhausted' })
    expect(generator.calls()).toBe(2)
  })

  it('gives a generator the findings about its draft, and takes the better one', async () => {
    const generator = drafting('SELECT nonsense FROM orders', 'SELECT COUNT(*) FROM orders')

    expect(await assistantWith({ generator }).ask('How many orders?').answer).toMatchObject({
      kind: 'answered',
      rows: [[7]],
      attempts: 2,
    })
  })

  it('does not ask again for what the policy forbids', async () => {
    const generator = drafting('DELETE FROM orders')

    expect(
      await assistantWith({ generator, run: neverRuns }).ask('Delete it all').answer,
    ).toMatchObject({ kind: 'refused', sql: 'DELETE FROM orders' })
    expect(generator.calls()).toBe(1)
  })

  it('says that the database failed, in the words of the runner', async () => {
    const run: QueryRunner = async () => ({ kind: 'failed', message: 'The pool is empty.' })

    expect(await assistantWith({ run }).ask('How many orders are there?').answer).toMatchObject({
      kind: 'failed',
      code: 'database-failed',
      message: 'The pool is empty.',
    })
  })

  it('keeps what a runner throws to itself', async () => {
    const run: QueryRunner = async () => {
      throw new Error('password=hunter2')
    }

    const answer = await assistantWith({ run }).ask('How many orders are there?').answer

    expect(answer).toMatchObject({ kind: 'failed', code: 'database-failed' })
    expect(JSON.stringify(answer)).not.toContain('hunter2')
  })

  it('rejects with the reason of the signal, even when nothing that it called looks at it', async () => {
    const controller = new AbortController()
    const reason = new Error('changed my mind')
    const run = assistantWith({ context: () => new Promise(() => undefined) }).ask(
      'How many orders?',
      { signal: controller.signal },
    )

    controller.abort(reason)

    expect(await run.answer.catch((error: unknown) => error)).toBe(reason)
    expect(await eventsOf(run)).toEqual([])
  })

  it('takes an integer from 1 up for maxAttempts', () => {
    expect(() => assistantWith({ maxAttempts: 0 })).toThrow(OptionInvalidError)
  })
})

const neverRuns: QueryRunner = () => {
  throw new Error('Nothing was to run.')
}
